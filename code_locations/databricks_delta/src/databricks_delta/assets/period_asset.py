import time
from dataclasses import dataclass

import dagster as dg
from platform_runtime.lakehouse.tables import Plot

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.assets.code_version import period_table_version
from databricks_delta.assets.period_metadata import (
    metadata_by_period,
    plot_metadata,
    publication_metadata,
    table_metadata,
)
from databricks_delta.lakehouse.lakehouse import Lakehouse
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import PeriodRange


@dataclass(frozen=True, slots=True)
class PeriodAsset:
    """A silver or gold table as an asset.

    Attributes:
        rejected: the table of the rows that this one rejected, where there is one.
        plot: the picture of it, where one is declared.
    """

    target: PeriodTable
    rejected: PeriodTable | None
    plot: Plot | None


def period_asset(shared: AssetContext, asset: PeriodAsset) -> dg.AssetsDefinition:
    """Replaces whole periods; a run for several replaces them in one statement."""
    table = asset.target.table

    @dg.multi_asset(
        name=shared.op_name(table.full_name),
        specs=[_spec(shared, asset.target)],
        partitions_def=shared.partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        required_resource_keys={shared.resource},
    )
    def replace_periods(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        lakehouse: Lakehouse = getattr(context.resources, shared.resource)
        keys = context.partition_key_range
        periods = PeriodRange(keys.start, keys.end)
        started = time.perf_counter()
        lakehouse.replace_periods(context, asset.target, periods)
        run = {"seconds": time.perf_counter() - started, "periods": str(periods)}
        with lakehouse.reader() as reader:
            for period, metadata in metadata_by_period(shared, reader, asset.target, asset.rejected, periods).items():
                context.add_asset_metadata(metadata, partition_key=period)
            drawn = plot_metadata(reader, asset.plot, table.full_name, periods)
        whole = table_metadata(shared, asset.target, lakehouse.state(table))
        published = publication_metadata(lakehouse, asset.target, periods)
        return dg.MaterializeResult(metadata=run | whole | drawn | published)

    return replace_periods


def _spec(shared: AssetContext, target: PeriodTable) -> dg.AssetSpec:
    spec = shared.spec(target.table, period_table_version(target))
    sql = dg.MetadataValue.md(f"```sql\n{target.statement.sql.strip()}\n```")
    dependencies = [_dependency(shared, target, full_name) for full_name in sorted(target.statement.tables_read)]
    return spec.merge_attributes(metadata={"sql": sql}).replace_attributes(
        deps=dependencies, partitions_def=shared.partitions
    )


def _dependency(shared: AssetContext, target: PeriodTable, full_name: str) -> dg.AssetDep:
    days = target.reads_days_before
    if not days or shared.tables[full_name].granularity is None or full_name in shared.bronze:
        return dg.AssetDep(shared.key(full_name))
    periods_back = -(-days // shared.granularity.shortest_days)
    mapping = dg.TimeWindowPartitionMapping(start_offset=-periods_back, allow_nonexistent_upstream_partitions=True)
    return dg.AssetDep(shared.key(full_name), partition_mapping=mapping)
