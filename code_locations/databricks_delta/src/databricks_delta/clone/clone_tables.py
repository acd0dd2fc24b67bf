from collections.abc import Iterator

import dagster as dg
from platform_runtime.table_copy import TableCopy, TableToClone

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.assets.bronze_asset import PERIODS
from databricks_delta.clone.lakehouse_clone import LakehouseClone
from databricks_delta.lakehouse.periods import UNREADABLE_PERIOD
from databricks_delta.lakehouse.table import LakehouseTable


def tables_to_clone(shared: AssetContext, clone: LakehouseClone) -> Iterator[TableToClone]:
    """Every table of a lakehouse, bronze first."""
    for table in shared.tables.values():
        yield TableToClone(
            key=shared.key(table.full_name),
            pool=None,
            clone=lambda _, table=table: _clone(shared, clone, table),
        )


def _clone(shared: AssetContext, clone: LakehouseClone, table: LakehouseTable) -> TableCopy | None:
    if not clone.has_source(table):
        return None
    version = clone.clone(table)
    rows = clone.rows_by_period(table)
    is_bronze = table.full_name in shared.bronze
    is_whole = is_bronze or table.granularity is None
    return TableCopy(
        source=clone.source_name(table),
        version=str(version),
        rows=sum(rows.values()),
        rows_by_partition=None if is_whole else _rows_by_partition(shared, clone, rows),
        metadata={PERIODS: dg.MetadataValue.json(sorted(rows))} if is_bronze else {},
    )


def _rows_by_partition(shared: AssetContext, clone: LakehouseClone, rows: dict[str, int]) -> dict[str, int]:
    """Every period of which bronze has rows: one that gave the table no row has been computed all the same."""
    bronze = [shared.tables[name] for name in shared.bronze]
    arrived = [period for table in bronze if clone.has_source(table) for period in clone.source_rows_by_period(table)]
    covered = {period for period in (*rows, *arrived) if period != UNREADABLE_PERIOD}
    if not covered:
        return {}
    first, last = min(covered), max(covered)
    return {period: rows.get(period, 0) for period in shared.partitions.get_partition_keys() if first <= period <= last}
