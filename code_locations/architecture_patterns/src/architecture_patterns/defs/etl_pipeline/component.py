from dataclasses import dataclass
from functools import partial
from typing import Annotated, override

import dagster as dg
from platform_contract.domain import Engine
from platform_contract.layer import Layer
from platform_runtime.declared_schema import JsonSchema, ResolvedModel, domain_of
from platform_runtime.demo_mode_field import DemoMode
from platform_runtime.platform_context import platform_context

from architecture_patterns import engine
from architecture_patterns.defs.etl_pipeline.asset import etl_asset
from architecture_patterns.defs.etl_pipeline.load import REJECTED, REVENUE
from architecture_patterns.pattern import Pattern, table_spec

_PATTERN = Pattern.ETL_PIPELINE


@dataclass
class EtlPipeline(ResolvedModel, dg.Component):
    """Extract, transform in Python, load the finished table."""

    demo_mode: DemoMode
    domain: Annotated[
        str,
        dg.Resolver.default(
            description="In whose schemas its tables stand in Snowflake, under a prefix of their own.",
            examples=["shop"],
        ),
    ]
    max_rejected_share: Annotated[
        float,
        dg.Resolver.default(
            description="The largest share of orders, 0 to 1, that may be unreadable.", examples=[0.01]
        ),
    ]

    @classmethod
    @override
    def schema_rules(cls) -> list[JsonSchema]:
        return [domain_of(Engine.SNOWFLAKE)]

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """One asset for each loaded table, made in one step, and the two resources it needs."""
        platform = platform_context(self.demo_mode)
        readme = (context.path / "README.md").read_text(encoding="utf-8")
        kinds = {"python", engine.warehouse_kind(platform)}
        spec = partial(table_spec, _PATTERN, layer=Layer.GOLD, upstream=[], kinds=kinds, when_to_choose=readme)
        revenue = spec(REVENUE, description=f"Orders, revenue and tax in US dollars by store and month.\n\n{readme}")
        rejected = spec(REJECTED, description="Orders that could not be read: the landed file, the line, the reason.")
        return dg.Definitions(
            assets=[etl_asset(revenue, rejected, self.max_rejected_share)],
            resources={
                "etl_landing": engine.landing(_PATTERN, platform),
                "etl_warehouse": engine.warehouse(_PATTERN, platform, self.domain),
            },
        )
