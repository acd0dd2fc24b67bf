from pathlib import Path

import click
from platform_contract.deployment import Deployment

from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.dagster_plus.launched_job import LaunchedJob, run_job, since_option
from platform_cli.dagster_plus.session import open_session


@click.command()
@deployment_option
@click.option("--location", required=True, help="A location of dagster_cloud.yaml.")
@click.option("--job", required=True, help="A job of that location.")
@since_option
@click.option("--minutes", type=click.FloatRange(min=0), default=90.0, show_default=True, help="How long to wait.")
def launch(*, deployment: Deployment, location: str, job: str, since: Path | None, minutes: float) -> None:
    """Run a job in Dagster+ and wait for its end. Exits with 0 only if the run has succeeded."""
    run_job(open_session(), LaunchedJob(deployment, location, job, since, minutes))
