import dagster as dg
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from platform_cli.demo.materialisation import STARTED_BY_DEMO, STARTED_BY_TAG


def close_unfinished_runs(instance: dg.DagsterInstance, location: str) -> None:
    """Mark the runs of a location that a demo began and did not finish as failed, and give back their pool slots.

    Only for the holder of the demo's lock, before it begins or after it ends: then none of them can still be running.
    A run that the UI executed again carries the demo's tags too, but it has a parent, and is not touched.
    """
    started_by_demo = dg.RunsFilter(tags={STARTED_BY_TAG: STARTED_BY_DEMO}, statuses=NOT_FINISHED_STATUSES)
    for run in instance.get_runs(filters=started_by_demo):
        if run.parent_run_id is None and run.remote_job_origin and run.remote_job_origin.location_name == location:
            instance.report_run_failed(run, message="The demo that executed this run was ended before the run was.")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
