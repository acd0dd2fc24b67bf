from collections.abc import Callable

import click
from platform_contract.deployment import Deployment, Trait
from platform_contract.errors import ContractError

from platform_cli.dagster_plus.closing import close_branch_deployment
from platform_cli.dagster_plus.session import open_session
from platform_cli.stacks.programs import programs_of
from platform_cli.stacks.stack import Stack, stacks_of


def remove_pull_request(deployment: Deployment) -> list[str]:
    """Remove all that a pull request has: branch deployment, objects in both clouds, stacks with their state.

    A part that fails keeps no other from being removed, and what is gone already is no failure. The stacks are
    forgotten last and only when all else is gone: whatever remains can be found again by them.

    Returns:
        What remains, each with the reason; nothing when all is gone.

    Raises:
        ContractError: for a deployment that is no pull request's.
    """
    if not deployment.has(Trait.PULL_REQUEST):
        raise ContractError(f"{deployment} is no pull request's, and nothing of it is ever removed: name pr-<n>")
    remains = _attempt("branch deployment in Dagster+", lambda: _close(deployment))
    for program in reversed(programs_of(deployment)):
        remains += _attempt(f"{program} objects", lambda program=program: _destroy(_stack(deployment, program)))
    if not remains:
        for program in programs_of(deployment):
            remains += _attempt(f"{program} stack", lambda program=program: _forget(_stack(deployment, program)))
    return remains


def _attempt(part: str, remove: Callable[[], None]) -> list[str]:
    """One part at the boundary to another system: any refusal of it is told, and the next part has its turn."""
    try:
        remove()
    except (ContractError, click.ClickException) as error:
        return [f"{part}: {error}"]
    return []


def _close(deployment: Deployment) -> None:
    click.echo(close_branch_deployment(open_session(), deployment))


def _stack(deployment: Deployment, program: str) -> Stack:
    (stack,) = [one for one in stacks_of(deployment) if one.program == program]
    return stack


def _destroy(stack: Stack) -> None:
    if stack.exists():
        _check(stack.destroy("--yes"), "destroy")


def _forget(stack: Stack) -> None:
    if stack.exists():
        _check(stack.forget(), "stack rm")


def _check(code: int, command: str) -> None:
    if code != 0:
        raise ContractError(f"pulumi {command} ended with code {code}, its reason stands above")
