from collections.abc import Callable
from typing import Any

import click
from platform_contract.deployment import Deployment, parse_deployment

_HELP = "A deployment, by its name in platform.toml, or pr-<n>."


class StackName(click.ParamType[Deployment]):
    """A stack by the name of its deployment."""

    name = "stack"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Deployment:
        """The deployment that the stack is.

        Raises:
            ContractError: for a name that is no deployment's.
        """
        del param, ctx
        return value if isinstance(value, Deployment) else parse_deployment(str(value))


def stack_option[C: Callable[..., Any]](command: C) -> C:
    """The option `--stack`, which has no default: what happens to a stack is never an accident."""
    return click.option(
        "--stack", type=StackName(), required=True, help="A deployment's name in platform.toml, or pr-<n>."
    )(command)
