import sys
from datetime import UTC, datetime

import click
from platform_contract.deployment import Deployment

from platform_cli.cost.cost_notice import cost_notice
from platform_cli.stacks.expiry import mark_expiry
from platform_cli.stacks.stack import Stack, stacks_of
from platform_cli.stacks.stack_option import stack_option

# Guardrails speak in the preview, whatever the environment would have Pulumi skip.
_WITH_PREVIEW = "--skip-preview=false"


@click.command()
@stack_option
@click.option("--yes", is_flag=True, help="Do not ask after the preview.")
def up(*, stack: Deployment, yes: bool) -> None:
    """Bring a stack up, program by program: preview, ask, apply. A stack that is not there yet is made.

    Exits with the first code of Pulumi that is not 0; the programs after that one stay untouched.
    """
    for one in stacks_of(stack):
        code = _up(one, ("--yes",) if yes else ())
        if code != 0:
            sys.exit(code)


def _up(stack: Stack, options: tuple[str, ...]) -> int:
    code = (0 if stack.exists() else stack.make()) or mark_expiry(stack, datetime.now(UTC).date())
    if code != 0:
        return code
    click.echo(cost_notice(stack))
    return stack.run("up", _WITH_PREVIEW, *options)
