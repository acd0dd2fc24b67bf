from collections.abc import Mapping, Sequence

import dagster as dg
from platform_runtime.automation import Watch

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.assets.run_months import months_tags
from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.months import MonthRange, consecutive
from databricks_delta.sensors.changed_months import changes_since
from databricks_delta.sensors.months_to_replace import months_to_replace


def month_sensor(shared: AssetContext, tables: Sequence[MonthTable], watch: Watch) -> dg.SensorDefinition:
    """Requests the months of silver and gold that changed rows reach, and no others.

    What a changed table feeds in the same month goes into the same run, in order. What it feeds in later months,
    through a window that looks back, is requested once that run is done: only then are the rows there.
    """
    read = sorted({full_name for table in tables for full_name in table.statement.tables_read})

    @dg.sensor(
        name=f"{shared.domain}_months",
        description="Requests every month of silver and gold that changed rows reach",
        asset_selection=dg.AssetSelection.assets(*(shared.key(table.table.full_name) for table in tables)),
        minimum_interval_seconds=watch.every_seconds,
        default_status=watch.status,
    )
    def watch_months(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        changes = changes_since(context.instance, shared, read, int(context.cursor or 0))
        wanted = months_to_replace(changes.tables, tables, shared.partitions.get_partition_keys())
        requests = [_request(shared, names, months, changes.cursor) for names, months in _runs(wanted)]
        skipped = None if requests else dg.SkipReason("No month has changed rows that nothing has followed up")
        return dg.SensorResult(run_requests=requests, skip_reason=skipped, cursor=str(changes.cursor))

    return watch_months


def _runs(wanted: Mapping[str, set[str]]) -> list[tuple[frozenset[str], MonthRange]]:
    """As few runs as can be: consecutive months of the same tables share one."""
    months_of: dict[frozenset[str], set[str]] = {}
    for month, names in wanted.items():
        months_of.setdefault(frozenset(names), set()).add(month)
    return [(names, months) for names, all_months in months_of.items() for months in consecutive(all_months)]


def _request(shared: AssetContext, names: frozenset[str], months: MonthRange, cursor: int) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"{months.first}:{months.last}:{'+'.join(sorted(names))}:{cursor}",
        asset_selection=[shared.key(name) for name in sorted(names)],
        tags=months_tags(months),
    )
