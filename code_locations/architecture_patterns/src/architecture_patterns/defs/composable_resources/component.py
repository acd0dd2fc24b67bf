from dataclasses import dataclass
from functools import partial
from typing import Annotated

import dagster as dg
from platform_contract.layer import Layer
from platform_runtime.declared_schema import ResolvedModel
from platform_runtime.demo_mode_field import DemoMode
from platform_runtime.platform_context import platform_context

from architecture_patterns import engine
from architecture_patterns.defs.composable_resources.extremes_asset import EXTREMES, extremes_asset
from architecture_patterns.defs.composable_resources.readings_asset import READINGS, readings_asset
from architecture_patterns.defs.composable_resources.report_asset import REPORT, report_asset
from architecture_patterns.defs.composable_resources.storage_choice import StorageChoice, chosen_storage
from architecture_patterns.pattern import Pattern, table_spec

_PATTERN = Pattern.COMPOSABLE_RESOURCES


@dataclass
class ComposableResources(ResolvedModel, dg.Component):
    """One pipeline whose storage is chosen by name."""

    demo_mode: DemoMode
    storage: Annotated[
        StorageChoice,
        dg.Resolver.default(
            description="Which storage serves which engine.",
            examples=[{"demo": "local_storage", "production": "object_storage"}],
        ),
    ]
    compressed: Annotated[
        bool,
        dg.Resolver.default(description="Whether objects are gzipped, whichever storage keeps them.", examples=[True]),
    ]

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """Three assets that never change, and the two resources behind them."""
        platform = platform_context(self.demo_mode)
        readme = (context.path / "README.md").read_text(encoding="utf-8")
        spec = partial(table_spec, _PATTERN, kinds={"python"}, when_to_choose=readme)
        readings = spec(
            READINGS, layer=Layer.SILVER, upstream=[], description="Temperatures in °C as JSON lines, an object a file."
        )
        extremes = spec(
            EXTREMES,
            layer=Layer.GOLD,
            upstream=[READINGS],
            description="The coldest and the warmest reading of each station by day (UTC).",
        )
        report = spec(
            REPORT, layer=Layer.GOLD, upstream=[EXTREMES], description=f"The year's extremes, to read.\n\n{readme}"
        )
        return dg.Definitions(
            assets=[readings_asset(readings), extremes_asset(extremes), report_asset(report)],
            resources={
                "composable_landing": engine.landing(_PATTERN, platform),
                "storage": chosen_storage(self.storage, self.compressed, platform),
            },
        )
