import sys

import click
from platform_contract.deployment import Deployment

from platform_cli.cost.cost_notice import cost_notice
from platform_cli.stacks.stack import Stack, stacks_of
from platform_cli.stacks.stack_option import stack_option

_DRIFT = ("--refresh", "--expect-no-changes")


@click.command()
@stack_option
@click.option("--drift", is_flag=True, help="Look at the cloud first, and fail when anything is not as declared.")
def preview(*, stack: Deployment, drift: bool) -> None:
    """Say what `up` would do to a stack, program by program. Changes nothing but for making a stack that is not there.

    Exits with the first code of Pulumi that is not 0.
    """
    for one in stacks_of(stack):
        code = _preview(one, _DRIFT if drift else ())
        if code != 0:
            sys.exit(code)


def _preview(stack: Stack, options: tuple[str, ...]) -> int:
    code = (0 if stack.exists() else stack.make()) or stack.run("preview", *options)
    if code == 0:
        click.echo(cost_notice(stack))
    return code
