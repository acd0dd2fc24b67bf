import time

from dagster_cloud_cli import gql

from platform_cli.dagster_plus.session import Session

_INTERVAL_SECONDS = 2.0
_FINISHED = frozenset({"SUCCESS", "FAILURE", "CANCELED"})


def launch_run(session: Session, name: str, location: str, job: str) -> str:
    """Launch a run of a job; the run's id.

    Args:
        session: where.
        name: Dagster+'s name of the deployment.
        location: the code location.
        job: its job.

    Raises:
        CloudCliError: when Dagster+ does not launch it.
    """
    words = ("--deployment", name, "--location", location, "--job", job)
    return session.cli.run(f"launching {job} of {location}", "job", "launch", *words)[-1]


def await_run(session: Session, name: str, run_id: str, patience_seconds: float) -> str:
    """The status that a run ends with, or has when the patience is at its end.

    `dagster-cloud job launch --wait` ends with 0 when the run fails, and `run status` as well.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        status = _status(session, name, run_id)
        if status in _FINISHED or time.monotonic() >= deadline:
            return status
        time.sleep(_INTERVAL_SECONDS)


def _status(session: Session, name: str, run_id: str) -> str:
    answer = session.organisation.execute(gql.GET_RUN_STATUS_QUERY, {"runId": run_id}, name)["runOrError"]
    return answer.get("status", answer["__typename"])
