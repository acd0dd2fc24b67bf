from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, override

import dagster as dg
from platform_contract.domain import Engine
from platform_contract.layer import Layer
from platform_runtime.declared_schema import JsonSchema, ResolvedModel, domain_of
from platform_runtime.demo_mode_field import DemoMode
from platform_runtime.platform_context import platform_context

from architecture_patterns import engine
from architecture_patterns.defs.elt_pipeline.model import SqlModel, model_asset, model_check
from architecture_patterns.defs.elt_pipeline.raw_table import RawTable, raw_asset
from architecture_patterns.pattern import Pattern, table_spec
from architecture_patterns.sql_file import SqlFile, read_sql

_PATTERN = Pattern.ELT_PIPELINE


@dataclass
class EltPipeline(ResolvedModel, dg.Component):
    """Load files as they are, then make tables from them in the warehouse, one SELECT a file."""

    demo_mode: DemoMode
    domain: Annotated[
        str,
        dg.Resolver.default(
            description="In whose schemas its tables stand in Snowflake, under a prefix of their own.",
            examples=["shop"],
        ),
    ]
    raw_tables: Annotated[
        list[RawTable],
        dg.Resolver.default(
            description="What is loaded.",
            examples=[[{"name": "raw_stores", "source": "shop/stores", "columns": ["id"], "description": "Stores."}]],
        ),
    ]
    models: Annotated[
        list[SqlModel],
        dg.Resolver.default(
            description="What is made from it; the last is the one whose page explains the pattern.",
            examples=[[{"name": "hourly_sales", "layer": "gold", "description": "Orders by hour of the day."}]],
        ),
    ]

    @classmethod
    @override
    def schema_rules(cls) -> list[JsonSchema]:
        return [domain_of(Engine.SNOWFLAKE)]

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """An asset for each table, a check for each rule, and the two resources they need."""
        platform = platform_context(self.demo_mode)
        kinds = {"sql", engine.warehouse_kind(platform)}
        return dg.Definitions(
            assets=[*self._raw_assets(context.path, kinds), *self._model_assets(context.path, kinds)],
            asset_checks=self._model_checks(context.path),
            resources={
                "elt_landing": engine.landing(_PATTERN, platform),
                "elt_warehouse": engine.warehouse(_PATTERN, platform, self.domain),
            },
        )

    @property
    def _layers(self) -> dict[str, Layer]:
        raw = {table.name: Layer.RAW for table in self.raw_tables}
        return raw | {model.name: model.layer for model in self.models}

    def _raw_assets(self, folder: Path, kinds: set[str]) -> list[dg.AssetsDefinition]:
        return [raw_asset(table, self._spec(folder, kinds, table, Layer.RAW, [])) for table in self.raw_tables]

    def _model_assets(self, folder: Path, kinds: set[str]) -> list[dg.AssetsDefinition]:
        assets = []
        for model in self.models:
            statement = self._sql(folder, "models", model.name)
            spec = self._spec(folder, kinds, model, model.layer, statement.reads)
            assets.append(model_asset(model, statement, self._layers, spec))
        return assets

    def _model_checks(self, folder: Path) -> list[dg.AssetChecksDefinition]:
        return [
            model_check(_PATTERN.key(model.name), self._sql(folder, "checks", check), self._layers)
            for model in self.models
            for check in model.checks
        ]

    def _sql(self, folder: Path, kind: str, name: str) -> SqlFile:
        return read_sql(folder / kind, name, declared_in=folder / "defs.yaml", known_tables=self._layers)

    def _spec(
        self, folder: Path, kinds: set[str], table: RawTable | SqlModel, layer: Layer, upstream: Sequence[str]
    ) -> dg.AssetSpec:
        readme = (folder / "README.md").read_text(encoding="utf-8")
        explains = table is self.models[-1]
        return table_spec(
            _PATTERN,
            table.name,
            layer=layer,
            description=f"{table.description}\n\n{readme}" if explains else table.description,
            upstream=upstream,
            kinds=kinds,
            when_to_choose=readme,
        )
