from collections.abc import Iterator, Mapping

import dagster as dg
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME
from dagster._core.execution.api import execute_run_iterator

from platform_cli.demo.code_location import LoadedLocation
from platform_cli.demo.run_plan import RunPlan

STARTED_BY_TAG = "platform/started_by"
STARTED_BY_DEMO = "platform demo"

# The executor that a location has unless it chooses another takes its in-process form by configuration.
_DEFAULT_EXECUTOR = "multi_or_in_process_executor"
_IN_PROCESS = {"execution": {"config": {"in_process": {}}}}


def create_run(location: LoadedLocation, plan: RunPlan, instance: dg.DagsterInstance) -> dg.DagsterRun:
    """Put a run of the location's asset job into the instance, with the origin that lets the UI execute it again."""
    job = location.repository.get_job(IMPLICIT_ASSET_JOB_NAME)
    return _create(location, job, set(plan.asset_keys), plan.tags, instance)


def create_job_run(location: LoadedLocation, job: dg.JobDefinition, instance: dg.DagsterInstance) -> dg.DagsterRun:
    """Put a run of one of the location's own jobs into the instance."""
    return _create(location, job, None, {}, instance)


def _create(
    location: LoadedLocation,
    job: dg.JobDefinition,
    assets: set[dg.AssetKey] | None,
    tags: Mapping[str, str],
    instance: dg.DagsterInstance,
) -> dg.DagsterRun:
    return instance.create_run_for_job(
        job_def=job,
        asset_selection=assets,
        run_config=_IN_PROCESS if job.executor_def.name == _DEFAULT_EXECUTOR else {},
        tags={STARTED_BY_TAG: STARTED_BY_DEMO, **job.tags, **tags},
        remote_job_origin=location.origin.get_job_origin(job.name),
        job_code_origin=location.reconstructable.get_reconstructable_job(job.name).get_python_origin(),
    )


def execute(location: LoadedLocation, run: dg.DagsterRun, instance: dg.DagsterInstance) -> Iterator[dg.DagsterEvent]:
    """Execute a run in this process, event by event; a failing step is an event too, not an exception."""
    job = location.reconstructable.get_reconstructable_job(run.job_name)
    return execute_run_iterator(job, run, instance)
