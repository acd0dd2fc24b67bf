import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from dagster._core.storage.tags import MAX_RUNTIME_SECONDS_TAG
from platform_contract.domain import Domain

# dbt's client asks for ever where the network stays away: Dagster's run monitor ends the run, and so its statements.
_MAX_SECONDS = 2 * 60 * 60


def refresh_job(domain: Domain) -> UnresolvedAssetJobDefinition:
    """Loads what has landed for a domain and builds every model of it, with all checks."""
    return dg.define_asset_job(
        f"{domain}_refresh",
        selection=dg.AssetSelection.key_prefixes(domain.name),
        description=f"Loads what has landed for {domain}, builds every model and evaluates every check.",
        tags={MAX_RUNTIME_SECONDS_TAG: str(_MAX_SECONDS)},
    )


def refresh_schedule(
    job: UnresolvedAssetJobDefinition, cron: str, status: dg.DefaultScheduleStatus
) -> dg.ScheduleDefinition:
    """The job by the clock, in UTC."""
    return dg.ScheduleDefinition(
        name=f"{job.name}_schedule", job=job, cron_schedule=cron, execution_timezone="UTC", default_status=status
    )
