import sys

import click
from platform_contract.deployment import Deployment, Trait

from platform_cli.github_actions.drift_issue import report_drift
from platform_cli.github_actions.repository import current_repository
from platform_cli.stacks.look_only import looking_only
from platform_cli.stacks.stack import Stack, stacks_of
from platform_cli.stacks.stack_option import stack_option

_LOOK = ("preview", "--refresh", "--expect-no-changes", "--diff")


@click.command()
@stack_option
def drift(*, stack: Deployment) -> None:
    """Look whether the cloud is as a stack declares it, and keep the repository's one issue about it up to date.

    Where a release waits for approval it looks as the watcher, who can change nothing and does not see all:
    infra/README.md, Drift. Writes no state. Exits with 1 when anything differs or could not be looked at.
    """
    github = current_repository()
    found = "\n".join(_difference(one) for one in stacks_of(stack)).strip()
    report_drift(github, stack, found)
    click.echo(found or f"the cloud is as stack {stack} declares it")
    sys.exit(1 if found else 0)


def _difference(stack: Stack) -> str:
    """What a preview says of a program that is not as declared; empty where all is."""
    if not stack.deployment.has(Trait.APPROVAL):
        return _seen(stack, ())
    with looking_only(stack) as (copy, options):
        return _seen(copy, options)


def _seen(stack: Stack, options: tuple[str, ...]) -> str:
    code, said = stack.cli.show(stack.folder, *_LOOK, "--stack", stack.deployment.name, *options)
    return "" if code == 0 else f"{stack.program}:\n{said}"
