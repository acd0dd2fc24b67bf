from collections.abc import Mapping, Sequence

from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.months import UNREADABLE_MONTH, MonthRange
from databricks_delta.sensors.changed_months import ChangedTable


def months_to_replace(
    changed: Sequence[ChangedTable], tables: Sequence[MonthTable], partitions: Sequence[str]
) -> dict[str, set[str]]:
    """The tables to compute again, by month.

    Args:
        changed: what was materialised.
        tables: the tables above bronze, each after those that it reads.
        partitions: every month that is a partition.

    Returns:
        Full names by month: of tables that read what changed, in every month that their window reaches, unless the
        run that changed it replaced them too; and of all that they feed in the same month.
    """
    wanted: dict[str, set[str]] = {}
    for table in tables:
        months_read = {month: _read(table, month) for month in partitions}
        for change in changed:
            if change.table in table.statement.tables_read:
                for month in _reached(table, change, months_read):
                    wanted.setdefault(month, set()).add(table.table.full_name)
    for month_tables in wanted.values():
        _add_fed(month_tables, tables)
    return wanted


def _read(table: MonthTable, month: str) -> tuple[str, ...]:
    return table.months_read(MonthRange(month, month)).months


def _reached(table: MonthTable, change: ChangedTable, months_read: Mapping[str, tuple[str, ...]]) -> list[str]:
    reached = [month for month, read in months_read.items() if change.months.intersection(read)]
    if UNREADABLE_MONTH in change.months and table.holds_unreadable and not reached:
        # Rows without a month are replaced with any month; when nothing else is, the first will do.
        reached = list(months_read)[:1]
    return [month for month in reached if (table.table.full_name, month) not in change.same_run]


def _add_fed(month_tables: set[str], tables: Sequence[MonthTable]) -> None:
    for table in tables:
        if table.statement.tables_read & month_tables:
            month_tables.add(table.table.full_name)
