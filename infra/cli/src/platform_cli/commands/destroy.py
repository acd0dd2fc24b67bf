import sys

import click
from platform_contract.deployment import Deployment, Trait
from platform_contract.errors import ContractError

from platform_cli.stacks.stack import Stack, stacks_of
from platform_cli.stacks.stack_option import stack_option


@click.command()
@stack_option
@click.option("--yes", is_flag=True, help="Do not ask after the preview.")
def destroy(*, stack: Deployment, yes: bool) -> None:
    """Take a stack away, the program that came up last first. Never one that protects its data.

    A pull request's stack is forgotten when it is empty. Exits with the first code of Pulumi that is not 0.
    """
    _refuse_protected(stack)
    for one in reversed(stacks_of(stack)):
        code = _destroy(one, ("--yes",) if yes else ())
        if code != 0:
            sys.exit(code)


def _refuse_protected(stack: Deployment) -> None:
    if stack.has(Trait.PROTECTS_DATA):
        raise ContractError(
            f"stack {stack} holds the only copy of its data and is never destroyed by a command: "
            f"take single objects out of the program, unprotect them in the state, and `make up STACK={stack}`"
        )


def _destroy(stack: Stack, options: tuple[str, ...]) -> int:
    if not stack.exists():
        click.echo(f"{stack.program}: there is no stack {stack.deployment}")
        return 0
    code = stack.destroy(*options)
    if code == 0 and stack.deployment.has(Trait.PULL_REQUEST):
        return stack.forget()
    return code
