import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import click
from dagster_cloud_cli import gql

from platform_cli.dagster_plus.session import Session

type CheckName = tuple[str, str]
"""The key of an asset, its parts joined by `/`, and the name of a check on it."""

_INTERVAL_SECONDS = 2.0
_FINISHED = frozenset({"SUCCESS", "FAILURE", "CANCELED"})
# What every location that declares no repository of its own calls the one that it has.
_REPOSITORY = "__repository__"
# `dagster-cloud job launch` can choose assets, and no checks.
_LAUNCH = """
mutation LaunchRun($executionParams: ExecutionParams!) {
  launchRun(executionParams: $executionParams) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on Error { message }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a job's assets and checks a run is for, and the tags that say for which partitions."""

    assets: frozenset[str]
    checks: frozenset[CheckName]
    tags: Mapping[str, str]


def launch_run(session: Session, name: str, location: str, job: str, choice: Choice | None) -> str:
    """Launch a run of a job; the run's id.

    Args:
        session: where.
        name: Dagster+'s name of the deployment.
        location: the code location.
        job: its job.
        choice: what of it; None runs all of it.

    Raises:
        click.ClickException: when Dagster+ does not launch it, with its reason.
        ContractError: when it cannot be reached, or refuses the token.
    """
    selector = {"repositoryLocationName": location, "repositoryName": _REPOSITORY, "jobName": job}
    sent = {"selector": selector | _selection(choice), "executionMetadata": {"tags": _tags(choice)}}
    answer = session.organisation.execute(_LAUNCH, {"executionParams": sent}, name)["launchRun"]
    if answer["__typename"] != "LaunchRunSuccess":
        reason = answer.get("message", answer["__typename"])
        raise click.ClickException(f"launching {job} of {location} failed: {reason}")
    return answer["run"]["runId"]


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


def _selection(choice: Choice | None) -> dict[str, list[object]]:
    if choice is None:
        return {}
    return {
        "assetSelection": list(_keys(choice.assets)),
        "assetCheckSelection": [
            {"assetKey": key, "name": name} for asset, name in sorted(choice.checks) for key in _keys([asset])
        ],
    }


def _keys(assets: Iterable[str]) -> list[dict[str, list[str]]]:
    return [{"path": asset.split("/")} for asset in sorted(assets)]


def _tags(choice: Choice | None) -> list[dict[str, str]]:
    return [] if choice is None else [{"key": key, "value": value} for key, value in choice.tags.items()]


def _status(session: Session, name: str, run_id: str) -> str:
    answer = session.organisation.execute(gql.GET_RUN_STATUS_QUERY, {"runId": run_id}, name)["runOrError"]
    return answer.get("status", answer["__typename"])
