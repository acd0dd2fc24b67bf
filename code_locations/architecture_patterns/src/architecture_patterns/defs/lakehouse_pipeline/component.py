from dataclasses import dataclass
from functools import partial
from typing import Annotated

import dagster as dg
from platform_contract.layer import Layer
from platform_runtime.declared_schema import ResolvedModel
from platform_runtime.demo_mode_field import DemoMode
from platform_runtime.platform_context import PlatformContext, platform_context

from architecture_patterns import engine
from architecture_patterns.defs.lakehouse_pipeline.bronze import BRONZE, bronze_asset
from architecture_patterns.defs.lakehouse_pipeline.checks import LAKEHOUSE_CHECKS
from architecture_patterns.defs.lakehouse_pipeline.delta_tables import (
    DeltaTables,
    LocalDeltaTables,
    ObjectStorageDeltaTables,
)
from architecture_patterns.defs.lakehouse_pipeline.gold import GOLD, gold_asset
from architecture_patterns.defs.lakehouse_pipeline.silver import REJECTED, SILVER, silver_asset
from architecture_patterns.pattern import Pattern, table_spec

_PATTERN = Pattern.LAKEHOUSE_PIPELINE


@dataclass
class LakehousePipeline(ResolvedModel, dg.Component):
    """Bronze, silver and gold as Delta tables in a folder."""

    demo_mode: DemoMode
    max_wind_speed_ms: Annotated[
        float,
        dg.Resolver.default(
            description="The highest wind speed that is weather, in m/s; above it a reading is rejected.",
            examples=[113],
        ),
    ]

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """An asset for each table, the checks, and the two resources they need."""
        platform = platform_context(self.demo_mode)
        readme = (context.path / "README.md").read_text(encoding="utf-8")
        spec = partial(table_spec, _PATTERN, kinds={"deltalake", "duckdb"}, when_to_choose=readme)
        bronze = spec(
            BRONZE, layer=Layer.BRONZE, upstream=[], description="Readings as they landed, as text; one commit a file."
        )
        silver = spec(
            SILVER,
            layer=Layer.SILVER,
            upstream=[BRONZE],
            description="One typed reading in SI units for each station and instant (UTC).",
        )
        rejected = spec(
            REJECTED, layer=Layer.SILVER, upstream=[BRONZE], description="Readings nobody should believe, and why."
        )
        gold = spec(
            GOLD,
            layer=Layer.GOLD,
            upstream=[SILVER],
            description=f"The climate by station and month (UTC).\n\n{readme}",
        )
        return dg.Definitions(
            assets=[
                bronze_asset(bronze),
                silver_asset(context.path, silver, rejected, self.max_wind_speed_ms),
                gold_asset(context.path, gold),
            ],
            asset_checks=LAKEHOUSE_CHECKS,
            resources={
                "lakehouse_landing": engine.landing(_PATTERN, platform),
                "lakehouse_tables": _delta_tables(platform),
            },
        )


def _delta_tables(platform: PlatformContext) -> DeltaTables:
    if platform.demo_mode:
        return LocalDeltaTables(path=str(engine.local_folder(_PATTERN, platform)))
    return ObjectStorageDeltaTables(settings=engine.production_settings(_PATTERN, platform))
