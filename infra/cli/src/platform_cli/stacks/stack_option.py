from collections.abc import Callable
from typing import Any

import click
from platform_contract.deployment import Deployment, parse_deployment


class StackName(click.ParamType[Deployment]):
    """A stack by name: `local`, `dev`, `prod` or `pr-<n>`."""

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
    return click.option("--stack", type=StackName(), required=True, help="local, dev, prod or pr-<n>.")(command)
