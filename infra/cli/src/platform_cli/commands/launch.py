import click
from platform_contract.deployment import Deployment

from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.dagster_plus.runs import await_run, launch_run
from platform_cli.dagster_plus.session import open_session


@click.command()
@deployment_option
@click.option("--location", required=True, help="A location of dagster_cloud.yaml.")
@click.option("--job", required=True, help="A job of that location.")
@click.option("--minutes", type=click.FloatRange(min=0), default=60.0, show_default=True, help="How long to wait.")
def launch(*, deployment: Deployment, location: str, job: str, minutes: float) -> None:
    """Run a job in Dagster+ and wait for its end. Exits with 0 only if the run has succeeded."""
    session = open_session()
    name = session.existing_name(deployment)
    run_id = launch_run(session, name, location, job)
    link = f"{session.organisation.link(name)}/runs/{run_id}"
    status = await_run(session, name, run_id, minutes * 60)
    if status != "SUCCESS":
        raise click.ClickException(f"{job} in {deployment} is {status} after {minutes:g} minutes at most: see {link}")
    click.echo(f"{job} in {deployment} has succeeded: {link}")
