import click
from platform_contract.deployment import Deployment

from platform_cli.deployment_option import deployment_option
from platform_cli.github_actions.repository import current_repository
from platform_cli.pull_requests.state import require_state


@click.command()
@deployment_option
def require_open(*, deployment: Deployment) -> None:
    """Fail unless a pull request is open: it may have been closed, and its environment removed, in the meantime."""
    require_state(current_repository(), deployment, "open")
    click.echo(f"pull request {deployment.pull_request} is open")
