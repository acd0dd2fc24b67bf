from collections.abc import Mapping

import dagster as dg
from platform_contract.layer import Layer
from platform_runtime.declared_schema import ResolvedModel
from platform_runtime.pools import Pool
from pydantic import Field

from architecture_patterns.pattern import Pattern
from architecture_patterns.sql_file import SqlFile
from architecture_patterns.table_metadata import markdown_table, table_metadata
from architecture_patterns.warehouse.warehouse import Warehouse


class SqlModel(dg.Model, ResolvedModel):
    """A table that the warehouse makes from others: `models/<name>.sql`."""

    name: str = Field(description="The table, and the file of its SELECT.", examples=["hourly_sales"])
    layer: Layer = Field(description="The layer of the medallion that it stands for.", examples=["gold"])
    description: str = Field(description="What a reader should know.", examples=["Orders by hour of the day."])
    counts: dict[str, str] = Field(
        default_factory=dict,
        description="Conditions by name; each materialisation says how many rows meet them.",
        examples=[{"rows_rejected": "rejected_because is not null"}],
    )
    checks: list[str] = Field(
        default_factory=list,
        description="Names of files under `checks/`, each a SELECT of what breaks the rule.",
        examples=[["every_order_has_an_hour"]],
    )


def model_asset(
    model: SqlModel, statement: SqlFile, layers: Mapping[str, Layer], spec: dg.AssetSpec
) -> dg.AssetsDefinition:
    """The asset that makes the table anew. `layers` says in which layer each table of the pipeline lies."""

    @dg.multi_asset(name=spec.key.to_python_identifier(), specs=[spec], pool=Pool.ELT_PIPELINE.value)
    def build(elt_warehouse: Warehouse) -> dg.MaterializeResult:
        table = elt_warehouse.table(model.layer, model.name)
        query = statement.render(_physical_names(elt_warehouse, layers))
        with elt_warehouse.session(model.layer) as session:
            session.execute(f"create or replace table {table} as {query}", [])
            first = session.first_rows(table, "1, 2")
            metadata = table_metadata(session.count(table, "true"), first.columns, first.rows)
            counts = {name: session.count(table, condition) for name, condition in model.counts.items()}
        return dg.MaterializeResult(metadata={**metadata, **counts})

    return build


def model_check(key: dg.AssetKey, statement: SqlFile, layers: Mapping[str, Layer]) -> dg.AssetChecksDefinition:
    """The check that passes when the statement selects nothing; it runs once all that it reads is there."""
    others = [Pattern.ELT_PIPELINE.key(table) for table in statement.reads if table != key.path[-1]]

    @dg.asset_check(asset=key, name=statement.name, additional_deps=others, pool=Pool.ELT_PIPELINE.value)
    def check(elt_warehouse: Warehouse) -> dg.AssetCheckResult:
        query = statement.render(_physical_names(elt_warehouse, layers))
        with elt_warehouse.session(Layer.GOLD) as session:
            broken = session.query(query)
        first = markdown_table(broken.columns, broken.rows[:10])
        return dg.AssetCheckResult(passed=not broken.rows, metadata={"breaks": len(broken.rows), "first_breaks": first})

    return check


def _physical_names(warehouse: Warehouse, layers: Mapping[str, Layer]) -> dict[str, str]:
    return {name: warehouse.table(layer, name) for name, layer in layers.items()}
