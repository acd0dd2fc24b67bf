import sys
from datetime import UTC, date, datetime
from enum import StrEnum

import click
from platform_contract.deployment import Deployment, Trait
from platform_contract.errors import ContractError

from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.github_actions.repository import current_repository
from platform_cli.pull_requests.expired import stands_until
from platform_cli.pull_requests.removal import remove_pull_request
from platform_cli.pull_requests.state import require_state


class Reason(StrEnum):
    """Why a pull request's environment goes."""

    CLOSED = "closed"
    EXPIRED = "expired"
    ASKED = "asked"


@click.command()
@deployment_option
@click.option(
    "--because",
    type=click.Choice([reason.value for reason in Reason]),
    required=True,
    help="closed: only if GitHub says so; expired: only if its last day is past; asked: in any case.",
)
def remove(*, deployment: Deployment, because: str) -> None:
    """Remove all that a pull request has in Dagster+, in both clouds and in the state. Only ever `pr-<n>`.

    Can be repeated. Ends with what remains, and exits with 1 where anything does.
    """
    _refuse_standing(deployment)
    if because == Reason.CLOSED:
        require_state(current_repository(), deployment, "closed")
    today = datetime.now(UTC).date()
    until = stands_until(deployment) if because == Reason.EXPIRED else date.min
    if until is not None and until >= today:
        click.echo(f"{deployment} stands until {until}, so it stays")
        return
    _report(deployment, remove_pull_request(deployment))


def _refuse_standing(deployment: Deployment) -> None:
    if not deployment.has(Trait.PULL_REQUEST):
        raise ContractError(f"{deployment} is never removed: name a pull request's deployment, pr-<n>")


def _report(deployment: Deployment, remains: list[str]) -> None:
    if not remains:
        click.echo(f"nothing is left of {deployment}")
        return
    click.echo(f"of {deployment} remain, to be removed by the next attempt:", err=True)
    for part in remains:
        click.echo(f"  {part}", err=True)
    sys.exit(1)
