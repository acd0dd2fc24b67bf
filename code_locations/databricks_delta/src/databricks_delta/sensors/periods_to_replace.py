from collections.abc import Callable, Mapping, Sequence

from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import UNREADABLE_PERIOD, PeriodRange
from databricks_delta.sensors.changed_periods import WHOLE, ChangedTable


def periods_to_replace(
    changed: Sequence[ChangedTable],
    tables: Sequence[PeriodTable],
    partitions: Sequence[str],
    computed: Callable[[str], set[str]],
) -> dict[str, set[str]]:
    """The tables to compute again, by period.

    Args:
        changed: what was materialised.
        tables: the tables above bronze, each after those that it reads.
        partitions: every period that is a partition.
        computed: the periods that a table has been computed for: a dimension reaches all of them.

    Returns:
        Full names by period: of tables that read what changed, in every period that their window reaches, unless the
        run that changed it replaced them too; and of all that they feed in the same period.
    """
    wanted: dict[str, set[str]] = {}
    for table in tables:
        periods_read = {period: _read(table, period) for period in partitions}
        for change in changed:
            if change.table in table.statement.tables_read:
                for period in _reached(table, change, periods_read, computed):
                    wanted.setdefault(period, set()).add(table.table.full_name)
    for period_tables in wanted.values():
        _add_fed(period_tables, tables)
    return wanted


def _read(table: PeriodTable, period: str) -> tuple[str, ...]:
    return table.periods_read(PeriodRange(period, period)).periods


def _reached(
    table: PeriodTable,
    change: ChangedTable,
    periods_read: Mapping[str, tuple[str, ...]],
    computed: Callable[[str], set[str]],
) -> list[str]:
    reached = [period for period, read in periods_read.items() if change.periods.intersection(read)]
    if WHOLE in change.periods:
        known = computed(table.table.full_name)
        reached = [period for period in periods_read if period in known]
    if UNREADABLE_PERIOD in change.periods and table.holds_unreadable and not reached:
        # Rows without a period are replaced with any period; when nothing else is, the first will do.
        reached = list(periods_read)[:1]
    return [period for period in reached if (table.table.full_name, period) not in change.same_run]


def _add_fed(period_tables: set[str], tables: Sequence[PeriodTable]) -> None:
    for table in tables:
        if table.statement.tables_read & period_tables:
            period_tables.add(table.table.full_name)
