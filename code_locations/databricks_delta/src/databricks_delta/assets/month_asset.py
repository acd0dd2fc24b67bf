import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

from databricks_delta.assets.asset_context import AssetContext, column_schema
from databricks_delta.assets.code_version import code_version
from databricks_delta.assets.preview import previews
from databricks_delta.assets.row_counts import rows_of_statement, rows_of_table
from databricks_delta.assets.table_plot import table_plot
from databricks_delta.declaration.plot import Plot
from databricks_delta.lakehouse.column_lineage import column_lineage
from databricks_delta.lakehouse.lakehouse import Lakehouse
from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.months import UNREADABLE_MONTH, MonthRange
from databricks_delta.lakehouse.statement import Statement

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

    @property
    def read_first(self) -> str:
        """The table that the SELECT takes its rows from, the first by name where it reads several."""
        return min(self.target.statement.tables_read)


def month_asset(shared: AssetContext, asset: MonthAsset) -> dg.AssetsDefinition:
    """Replaces whole months; a run for several replaces them in one statement."""
    table = asset.target.table
    spec = shared.spec(table, code_version(asset.target.statement)).replace_attributes(
        deps=[_dependency(shared, asset.target, full_name) for full_name in sorted(asset.target.statement.tables_read)],
        partitions_def=shared.partitions,
    )

    @dg.multi_asset(
        name=shared.op_name(table.full_name),
        specs=[spec.merge_attributes(metadata={"sql": _sql(asset.target.statement)})],
        partitions_def=shared.partitions,
        backfill_policy=dg.BackfillPolicy.single_run(),
        required_resource_keys={shared.resource},
    )
    def replace_months(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        lakehouse: Lakehouse = getattr(context.resources, shared.resource)
        keys = context.partition_key_range
        months = MonthRange(keys.start, keys.end)
        started = time.perf_counter()
        lakehouse.replace_months(asset.target, months)
        seconds = time.perf_counter() - started
        for month, metadata in _month_metadata(lakehouse, asset, months).items():
            context.add_asset_metadata(metadata, partition_key=month)
        return dg.MaterializeResult(
            metadata={"seconds": seconds, "months": str(months)} | _table_metadata(lakehouse, shared, asset, months)
        )

    return replace_months


def _dependency(shared: AssetContext, target: MonthTable, full_name: str) -> dg.AssetDep:
    days = target.reads_days_before
    if not days or full_name == shared.bronze:
        return dg.AssetDep(shared.key(full_name))
    months_back = -(-days // _SHORTEST_MONTH)
    mapping = dg.TimeWindowPartitionMapping(start_offset=-months_back, allow_nonexistent_upstream_partitions=True)
    return dg.AssetDep(shared.key(full_name), partition_mapping=mapping)


def _sql(statement: Statement) -> dg.MarkdownMetadataValue:
    return dg.MetadataValue.md(f"```sql\n{statement.sql.strip()}\n```")


def _month_metadata(lakehouse: Lakehouse, asset: MonthAsset, months: MonthRange) -> Mapping[str, dict[str, Any]]:
    rows = rows_of_table(lakehouse, asset.target.table.full_name, months)
    arrived = rows_of_table(lakehouse, asset.read_first, months)
    preview = previews(lakehouse, asset.target.table, months)
    rejected = _rejected_rows(lakehouse, asset, months)
    metadata: dict[str, dict[str, Any]] = {}
    for month in months.months:
        here, before = rows.get(month, 0), arrived.get(month, 0)
        metadata[month] = {
            "dagster/row_count": here,
            "rows_in": before,
            "rows_out": here,
            "preview": dg.MetadataValue.md(preview.get(month, "_no rows_")),
        }
        if rejected is not None:
            refused = rejected.get(month, 0)
            metadata[month] |= {"rows_rejected": refused, "rows_superseded": before - here - refused}
        if asset.target.holds_unreadable:
            metadata[month] |= {"rows_unreadable": rows.get(UNREADABLE_MONTH, 0)}
    return metadata


def _rejected_rows(lakehouse: Lakehouse, asset: MonthAsset, months: MonthRange) -> dict[str, int] | None:
    """Counted from the SELECT: the table itself may be replaced only later in the same run."""
    if asset.rejected is None:
        return None
    return rows_of_statement(lakehouse, asset.rejected.statement.for_months(months), months)


def _table_metadata(
    lakehouse: Lakehouse, shared: AssetContext, asset: MonthAsset, months: MonthRange
) -> dict[str, Any]:
    state = lakehouse.state(asset.target.table)
    metadata: dict[str, Any] = {
        "delta_version": state.version,
        "files": state.files,
        "bytes": state.size_bytes,
        "dagster/column_schema": column_schema(asset.target.table),
        "dagster/column_lineage": _lineage(shared, asset.target.statement),
    }
    if asset.plot is not None:
        metadata["plot"] = dg.MetadataValue.md(_plot(lakehouse, asset.plot, asset.target.table.full_name, months))
    return metadata


def _lineage(shared: AssetContext, statement: Statement) -> dg.TableColumnLineage:
    found = column_lineage(statement, [shared.tables[full_name] for full_name in sorted(statement.tables_read)])
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(shared.key(full_name), name) for full_name, name in sources]
            for column, sources in found.items()
        }
    )


def _plot(lakehouse: Lakehouse, plot: Plot, full_name: str, months: MonthRange) -> str:
    selected = Statement(
        f"SELECT {plot.x}, {plot.y}, {plot.series} FROM {full_name} "  # noqa: S608
        f"WHERE {months.rows(unreadable=False)} ORDER BY {plot.x}",
        f"plot of {full_name}",
        {},
    )
    return table_plot(plot, lakehouse.query(selected, months), months)
