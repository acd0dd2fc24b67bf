from collections.abc import Iterator

import dagster as dg
from platform_runtime.clone_job import CLONE_TAG

from platform_cli.demo.code_location import LoadedLocation
from platform_cli.demo.materialisation import create_job_run


def clone_runs(location: LoadedLocation, instance: dg.DagsterInstance) -> Iterator[dg.DagsterRun]:
    """A run of each job of a location that copies data, put into the instance when it is asked for."""
    for job in location.repository.get_all_jobs():
        if CLONE_TAG in job.tags:
            yield create_job_run(location, job, instance)
