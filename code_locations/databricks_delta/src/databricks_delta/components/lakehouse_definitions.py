from collections.abc import Iterator

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from platform_runtime.automation import Watch
from platform_runtime.build_job import build_job
from platform_runtime.clone_job import clone_job
from platform_runtime.lakehouse.claims import lakehouse_resource
from platform_runtime.platform_context import PlatformContext

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.assets.bronze_asset import bronze_asset
from databricks_delta.assets.check_assets import check_assets
from databricks_delta.assets.dimension_asset import dimension_asset
from databricks_delta.assets.maintenance import is_maintained_here, maintenance_job, maintenance_schedule
from databricks_delta.assets.period_asset import PeriodAsset, period_asset
from databricks_delta.clone.clone_tables import tables_to_clone
from databricks_delta.clone.lakehouse_clone import LakehouseClone
from databricks_delta.components.blueprint import Blueprint
from databricks_delta.lakehouse.lakehouse import Lakehouse
from databricks_delta.sensors.dimension_sensor import dimension_sensor
from databricks_delta.sensors.landing_sensor import landing_sensor
from databricks_delta.sensors.period_sensor import period_sensor


def lakehouse_definitions(
    blueprint: Blueprint, lakehouse: Lakehouse, clone: LakehouseClone | None, platform: PlatformContext
) -> dg.Definitions:
    """Assets, checks, sensors and maintenance of one lakehouse, on one engine; of a pull request also its own jobs."""
    declaration = blueprint.declaration
    shared = AssetContext(
        domain=declaration.domain,
        resource=lakehouse_resource(declaration.domain),
        granularity=blueprint.granularity,
        bronze=frozenset(source.bronze.full_name for source in blueprint.sources),
        owners=declaration.owners,
        tags=declaration.tags,
        partitions=blueprint.partitions,
        tables=blueprint.tables,
    )
    watch = platform.automation.watch(platform.demo_mode)
    tables = list(blueprint.tables.values())
    maintenance = [maintenance_job(shared, tables)] if is_maintained_here(platform) else []
    return dg.Definitions(
        assets=[
            *(bronze_asset(shared, source) for source in blueprint.sources),
            *_period_assets(blueprint, shared),
            *(dimension_asset(shared, target) for target in blueprint.dimensions),
        ],
        asset_checks=[
            check_assets(shared, blueprint.subject(name), checks) for name, checks in blueprint.checks.items() if checks
        ],
        sensors=[
            *(landing_sensor(shared, source, watch) for source in blueprint.sources),
            period_sensor(shared, blueprint.period_tables, watch),
            *_dimension_sensors(blueprint, shared, watch),
        ],
        jobs=[*maintenance, *_pull_request_jobs(shared, clone)],
        schedules=[
            maintenance_schedule(job, declaration.maintenance, platform.automation.schedules) for job in maintenance
        ],
        resources={shared.resource: lakehouse},
    )


def _dimension_sensors(blueprint: Blueprint, shared: AssetContext, watch: Watch) -> list[dg.SensorDefinition]:
    return [dimension_sensor(shared, blueprint.dimensions, watch)] if blueprint.dimensions else []


def _pull_request_jobs(
    shared: AssetContext, clone: LakehouseClone | None
) -> list[dg.JobDefinition | UnresolvedAssetJobDefinition]:
    if clone is None:
        return []
    tables = dg.AssetSelection.assets(*(shared.key(full_name) for full_name in shared.tables))
    return [
        clone_job(shared.domain, clone.route, list(tables_to_clone(shared, clone)), afterwards=None),
        build_job(shared.domain, tables),
    ]


def _period_assets(blueprint: Blueprint, shared: AssetContext) -> Iterator[dg.AssetsDefinition]:
    plots = {blueprint.places[table.table]: table.plot for table in blueprint.declaration.tables}
    for target in blueprint.period_tables:
        full_name = target.table.full_name
        yield period_asset(shared, PeriodAsset(target, blueprint.rejected_by(full_name), plots[full_name]))
