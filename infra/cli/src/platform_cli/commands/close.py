import click
from platform_contract.deployment import Deployment, Trait
from platform_contract.errors import ContractError

from platform_cli.dagster_plus.closing import close_branch_deployment
from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.dagster_plus.session import open_session


@click.command()
@deployment_option
def close(*, deployment: Deployment) -> None:
    """Close a pull request's branch deployment in Dagster+ and delete it, runs and all.

    Only ever `pr-<n>` of this repository. One that is gone already is no failure.
    """
    if not deployment.has(Trait.PULL_REQUEST):
        raise ContractError(f"{deployment} is never closed: name a pull request's deployment, pr-<n>")
    click.echo(close_branch_deployment(open_session(), deployment))
