import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable

from platform_cli.dagster_plus.runs import Choice, await_run, launch_run
from platform_cli.dagster_plus.session import Session
from platform_cli.workplace import workplace_of

if TYPE_CHECKING:
    from platform_cli.pull_requests.changed_assets import AssetRun

since_option = click.option(
    "--since",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with what production published: only what differs from it is run, and all that depends on that.",
)


@dataclass(frozen=True, slots=True)
class LaunchedJob:
    """A job of a location in a deployment of Dagster+.

    Attributes:
        since: folder with what production published: only what differs from it is run. None runs all of the job.
        minutes: how long to wait for a run.
    """

    deployment: Deployment
    location: str
    job: str
    since: Path | None
    minutes: float


def run_job(session: Session, launched: LaunchedJob) -> None:
    """Run a job, or what differs of it, and wait for its end.

    Raises:
        click.ClickException: when a run is not launched, or has not succeeded, with where to look.
        ContractError: when Dagster+ cannot be reached, refuses the token, or has no such deployment.
    """
    name = session.existing_name(launched.deployment)
    choices = [None] if launched.since is None else _choices(launched, launched.since)
    if not choices:
        click.echo(
            f"all of {launched.location} is as production published it: {launched.job} has nothing to do "
            f"in {launched.deployment}"
        )
    for choice in choices:
        run_id = launch_run(session, name, launched.location, launched.job, choice)
        _await(session, name, run_id, launched)


def _await(session: Session, name: str, run_id: str, launched: LaunchedJob) -> None:
    link = f"{session.organisation.link(name)}/runs/{run_id}"
    status = await_run(session, name, run_id, launched.minutes * 60)
    what = f"{launched.job} in {launched.deployment}"
    if status != "SUCCESS":
        raise click.ClickException(f"{what} is {status} after {launched.minutes:g} minutes at most: see {link}")
    click.echo(f"{what} has succeeded: {link}")


def _choices(launched: LaunchedJob, since: Path) -> list[Choice | None]:
    """What of the job is to run; the location is loaded here for it, from the checkout."""
    from platform_cli.demo.code_location import load_location  # noqa: PLC0415 - imports Dagster
    from platform_cli.pull_requests.changed_assets import runs_of_changes  # noqa: PLC0415

    workplace = workplace_of(launched.deployment)
    os.environ[EnvironmentVariable.PLATFORM_DEPLOYMENT] = launched.deployment.name
    os.environ[EnvironmentVariable.PLATFORM_DEMO_MODE] = "false"
    location = load_location(workplace.workspace_file, launched.location)
    return [_choice(run) for run in runs_of_changes(location, launched.job, workplace, since)]


def _choice(run: "AssetRun") -> Choice:
    assets = frozenset(key.to_user_string() for key in run.assets)
    checks = frozenset((check.asset_key.to_user_string(), check.name) for check in run.checks)
    told = ", ".join(sorted(assets)) or "changed checks alone"
    click.echo(f"not as production published it, or dependent on what is not: {told}")
    return Choice(assets, checks, run.tags)
