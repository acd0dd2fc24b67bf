from collections.abc import Mapping, Sequence

import dagster as dg
from platform_runtime.automation import Watch

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.assets.run_periods import periods_tags
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import PeriodRange, consecutive
from databricks_delta.sensors.changed_periods import changes_since
from databricks_delta.sensors.periods_to_replace import periods_to_replace


def period_sensor(shared: AssetContext, tables: Sequence[PeriodTable], watch: Watch) -> dg.SensorDefinition:
    """Requests the periods of silver and gold that changed rows reach, and no others.

    What a changed table feeds in the same period goes into the same run, in order. What it feeds in later periods,
    through a window that looks back, is requested once that run is done: only then are the rows there.
    """
    read = sorted({full_name for table in tables for full_name in table.statement.tables_read})

    @dg.sensor(
        name=f"{shared.domain}_{shared.granularity}s",
        description="Requests every period of silver and gold that changed rows reach",
        asset_selection=dg.AssetSelection.assets(*(shared.key(table.table.full_name) for table in tables)),
        minimum_interval_seconds=watch.every_seconds,
        default_status=watch.status,
    )
    def watch_periods(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        changes = changes_since(context.instance, shared, read, int(context.cursor or 0))
        wanted = periods_to_replace(
            changes.tables,
            tables,
            shared.partitions.get_partition_keys(),
            lambda name: _computed(context, shared, name),
        )
        requests = [_request(shared, names, periods, changes.cursor) for names, periods in _runs(wanted)]
        skipped = None if requests else dg.SkipReason("No period has changed rows that nothing has followed up")
        return dg.SensorResult(run_requests=requests, skip_reason=skipped, cursor=str(changes.cursor))

    return watch_periods


def _computed(context: dg.SensorEvaluationContext, shared: AssetContext, full_name: str) -> set[str]:
    """The periods that a table has been computed for."""
    return set(context.instance.get_materialized_partitions(shared.key(full_name)))


def _runs(wanted: Mapping[str, set[str]]) -> list[tuple[frozenset[str], PeriodRange]]:
    """As few runs as can be: consecutive periods of the same tables share one."""
    periods_of: dict[frozenset[str], set[str]] = {}
    for period, names in wanted.items():
        periods_of.setdefault(frozenset(names), set()).add(period)
    return [(names, periods) for names, all_periods in periods_of.items() for periods in consecutive(all_periods)]


def _request(shared: AssetContext, names: frozenset[str], periods: PeriodRange, cursor: int) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"{periods.first}:{periods.last}:{'+'.join(sorted(names))}:{cursor}",
        asset_selection=[shared.key(name) for name in sorted(names)],
        tags=periods_tags(periods),
    )
