from collections.abc import Callable
from typing import Any

import click
from platform_contract.deployment import Deployment, parse_deployment


class DeploymentName(click.ParamType[Deployment]):
    """A deployment by its name."""

    name = "deployment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Deployment:
        """The deployment of that name.

        Raises:
            ContractError: when there is none.
        """
        del param, ctx
        return value if isinstance(value, Deployment) else parse_deployment(str(value))


def deployment_option[C: Callable[..., Any]](command: C) -> C:
    """The option `--deployment`, which has no default: whose data is written or looked at is never an accident."""
    return click.option("--deployment", type=DeploymentName(), required=True, help="pr-<n>, or another.")(command)
