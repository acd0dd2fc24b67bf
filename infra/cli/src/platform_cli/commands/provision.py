import click

from platform_cli.provisioning import provision as provision_workplace
from platform_cli.workplace import current_workplace


@click.command()
def provision() -> None:
    """Make the local stores and the Dagster home of the deployment, and the .env that Dagster reads.

    What is there already stays as it is.
    """
    workplace = current_workplace()
    provision_workplace(workplace)
    click.echo(f"Deployment {workplace.deployment} is ready in {workplace.paths.home}")
