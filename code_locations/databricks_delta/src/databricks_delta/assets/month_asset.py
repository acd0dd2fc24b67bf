import time
from dataclasses import dataclass

import dagster as dg
from platform_runtime.lakehouse.tables import Plot

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.assets.code_version import month_table_version
from databricks_delta.assets.month_metadata import (
    metadata_by_month,
    plot_metadata,
    publication_metadata,
    table_metadata,
)
from databricks_delta.lakehouse.lakehouse import Lakehouse
from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.months import MonthRange

_SHORTEST_MONTH = 28


@dataclass(frozen=True, slots=True)
class MonthAsset:
    """A silver or gold table as an asset.

    Attributes:
        rejected: the table of the rows that this one rejected, where there is one.
        plot: the picture of it, where one is declared.
    """

    target: MonthTable
    rejected: MonthTable | None
    plot: Plot | None


def month_asset(shared: AssetContext, asset: MonthAsset) -> dg.AssetsDefinition:
    """Replaces whole months; a run for several replaces them in one statement."""
    table = asset.target.table

    @dg.multi_asset(
        name=shared.op_name(table.full_name),
        specs=[_spec(shared, asset.target)],
        partitions_def=shared.partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        required_resource_keys={shared.resource},
    )
    def replace_months(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        lakehouse: Lakehouse = getattr(context.resources, shared.resource)
        keys = context.partition_key_range
        months = MonthRange(keys.start, keys.end)
        started = time.perf_counter()
        lakehouse.replace_months(context, asset.target, months)
        run = {"seconds": time.perf_counter() - started, "months": str(months)}
        with lakehouse.reader() as reader:
            for month, metadata in metadata_by_month(reader, asset.target, asset.rejected, months).items():
                context.add_asset_metadata(metadata, partition_key=month)
            drawn = plot_metadata(reader, asset.plot, table.full_name, months)
        whole = table_metadata(shared, asset.target, lakehouse.state(table))
        published = publication_metadata(lakehouse, asset.target, months)
        return dg.MaterializeResult(metadata=run | whole | drawn | published)

    return replace_months


def _spec(shared: AssetContext, target: MonthTable) -> dg.AssetSpec:
    spec = shared.spec(target.table, month_table_version(target))
    sql = dg.MetadataValue.md(f"```sql\n{target.statement.sql.strip()}\n```")
    dependencies = [_dependency(shared, target, full_name) for full_name in sorted(target.statement.tables_read)]
    return spec.merge_attributes(metadata={"sql": sql}).replace_attributes(
        deps=dependencies, partitions_def=shared.partitions
    )


def _dependency(shared: AssetContext, target: MonthTable, full_name: str) -> dg.AssetDep:
    days = target.reads_days_before
    if not days or full_name == shared.bronze:
        return dg.AssetDep(shared.key(full_name))
    months_back = -(-days // _SHORTEST_MONTH)
    mapping = dg.TimeWindowPartitionMapping(start_offset=-months_back, allow_nonexistent_upstream_partitions=True)
    return dg.AssetDep(shared.key(full_name), partition_mapping=mapping)
