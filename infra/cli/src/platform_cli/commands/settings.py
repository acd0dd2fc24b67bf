import click
from platform_contract.deployment import Deployment, Trait
from platform_contract.errors import ContractError

from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.dagster_plus.session import open_session

FOLDER = ".dagster_plus"
DEPLOYMENT_SETTINGS = f"{FOLDER}/deployment_settings.yaml"
ALERT_POLICIES = f"{FOLDER}/alert_policies.yaml"


@click.command()
@deployment_option
def settings(*, deployment: Deployment) -> None:
    """Apply the deployment settings in `.dagster_plus`, and the alert policies where people are told.

    Branch deployments take the organisation's settings, and alert nobody.
    """
    if deployment.has(Trait.PULL_REQUEST):
        raise ContractError(
            f"{deployment} has no settings of its own, it takes the organisation's: `make organisation-settings`"
        )
    session = open_session()
    where = ("--deployment", session.existing_name(deployment))
    session.cli.run(
        f"{deployment}: its settings", "deployment", "settings", "set-from-file", DEPLOYMENT_SETTINGS, *where
    )
    if deployment.has(Trait.ALERTS):
        session.cli.run(
            f"{deployment}: its alerts", "deployment", "alert-policies", "sync", "-a", ALERT_POLICIES, *where
        )
    click.echo(f"{deployment} has the settings in {FOLDER}")
