import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable

from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.dagster_plus.runs import Choice, await_run, launch_run
from platform_cli.dagster_plus.session import Session, open_session
from platform_cli.workplace import workplace_of

if TYPE_CHECKING:
    from platform_cli.pull_requests.changed_assets import AssetRun


@click.command()
@deployment_option
@click.option("--location", required=True, help="A location of dagster_cloud.yaml.")
@click.option("--job", required=True, help="A job of that location.")
@click.option(
    "--since",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with what production published: only what differs from it is run, and all that depends on that.",
)
@click.option("--minutes", type=click.FloatRange(min=0), default=90.0, show_default=True, help="How long to wait.")
def launch(*, deployment: Deployment, location: str, job: str, since: Path | None, minutes: float) -> None:
    """Run a job in Dagster+ and wait for its end. Exits with 0 only if the run has succeeded."""
    session = open_session()
    name = session.existing_name(deployment)
    choices = [None] if since is None else _choices(deployment, location, job, since)
    if not choices:
        click.echo(f"all of {location} is as production published it: {job} has nothing to do in {deployment}")
    for choice in choices:
        run_id = launch_run(session, name, location, job, choice)
        _await(session, name, run_id, f"{job} in {deployment}", minutes)


def _await(session: Session, name: str, run_id: str, what: str, minutes: float) -> None:
    link = f"{session.organisation.link(name)}/runs/{run_id}"
    status = await_run(session, name, run_id, minutes * 60)
    if status != "SUCCESS":
        raise click.ClickException(f"{what} is {status} after {minutes:g} minutes at most: see {link}")
    click.echo(f"{what} has succeeded: {link}")


def _choices(deployment: Deployment, location: str, job: str, since: Path) -> list[Choice | None]:
    """What of the job is to run; the location is loaded here for it, from the checkout."""
    from platform_cli.demo.code_location import load_location  # noqa: PLC0415 - imports Dagster
    from platform_cli.pull_requests.changed_assets import runs_of_changes  # noqa: PLC0415

    workplace = workplace_of(deployment)
    os.environ[EnvironmentVariable.PLATFORM_DEPLOYMENT] = deployment.name
    os.environ[EnvironmentVariable.PLATFORM_DEMO_MODE] = "false"
    runs = runs_of_changes(load_location(workplace.workspace_file, location), job, workplace, since)
    return [_choice(run) for run in runs]


def _choice(run: "AssetRun") -> Choice:
    assets = frozenset(key.to_user_string() for key in run.assets)
    checks = frozenset((check.asset_key.to_user_string(), check.name) for check in run.checks)
    told = ", ".join(sorted(assets)) or "changed checks alone"
    click.echo(f"not as production published it, or dependent on what is not: {told}")
    return Choice(assets, checks, run.tags)
