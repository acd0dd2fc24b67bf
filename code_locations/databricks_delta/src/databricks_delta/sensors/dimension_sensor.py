from collections.abc import Sequence

import dagster as dg
from platform_runtime.automation import Watch

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.lakehouse.dimension_table import DimensionTable
from databricks_delta.sensors.changed_periods import WHOLE, ChangedTable, changes_since


def dimension_sensor(shared: AssetContext, dimensions: Sequence[DimensionTable], watch: Watch) -> dg.SensorDefinition:
    """Requests the dimensions that changed rows of bronze reach, and those that read them, in one run."""
    read = sorted({name for target in dimensions for name in target.statement.tables_read if name in shared.bronze})

    @dg.sensor(
        name=f"{shared.domain}_dimensions",
        description="Requests every dimension that changed rows of bronze reach",
        asset_selection=dg.AssetSelection.assets(*(shared.key(target.table.full_name) for target in dimensions)),
        minimum_interval_seconds=watch.every_seconds,
        default_status=watch.status,
    )
    def watch_dimensions(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        changes = changes_since(context.instance, shared, read, int(context.cursor or 0))
        wanted = _reached(changes.tables, dimensions)
        requests = [_request(shared, wanted, changes.cursor)] if wanted else []
        skipped = None if wanted else dg.SkipReason("No dimension has changed rows that nothing has followed up")
        return dg.SensorResult(run_requests=requests, skip_reason=skipped, cursor=str(changes.cursor))

    return watch_dimensions


def _reached(changed: Sequence[ChangedTable], dimensions: Sequence[DimensionTable]) -> list[str]:
    wanted: list[str] = []
    for target in dimensions:
        name, read = target.table.full_name, target.statement.tables_read
        followed = all((name, WHOLE) in change.same_run for change in changed if change.table in read)
        if read & set(wanted) or (any(change.table in read and change.periods for change in changed) and not followed):
            wanted.append(name)
    return wanted


def _request(shared: AssetContext, names: Sequence[str], cursor: int) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"{'+'.join(names)}:{cursor}", asset_selection=[shared.key(name) for name in names], tags={}
    )
