from collections.abc import Sequence

import dagster as dg
from platform_contract.table_upkeep import TableUpkeep, table_upkeep_of
from platform_runtime.lakehouse.claims import maintenance_job_name
from platform_runtime.platform_context import PlatformContext

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.lakehouse.lakehouse import Lakehouse
from databricks_delta.lakehouse.table import LakehouseTable


def is_maintained_here(platform: PlatformContext) -> bool:
    """Whether the job is what keeps the tables: on a laptop always, in Databricks where the contract says so."""
    return platform.demo_mode or table_upkeep_of(platform.deployment) is TableUpkeep.MAINTENANCE_JOB


def maintenance_job(shared: AssetContext, tables: Sequence[LakehouseTable]) -> dg.JobDefinition:
    """Clusters scattered periods and deletes what retention has passed, table by table."""

    @dg.op(name=f"maintain_{shared.domain}", required_resource_keys={shared.resource})
    def maintain(context: dg.OpExecutionContext) -> None:
        lakehouse: Lakehouse = getattr(context.resources, shared.resource)
        for table in tables:
            if lakehouse.exists(table):
                done = lakehouse.maintain(table)
                context.log.info(f"{table.full_name}: {dict(done)}")

    @dg.job(name=maintenance_job_name(shared.domain), description="Clustering and clean-up of every table")
    def maintenance() -> None:
        maintain()

    return maintenance


def maintenance_schedule(job: dg.JobDefinition, cron: str, status: dg.DefaultScheduleStatus) -> dg.ScheduleDefinition:
    """When the job runs, UTC."""
    return dg.ScheduleDefinition(
        name=f"{job.name}_schedule", job=job, cron_schedule=cron, execution_timezone="UTC", default_status=status
    )
