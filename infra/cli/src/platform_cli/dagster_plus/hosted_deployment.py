from collections.abc import Callable
from typing import Any

import click
from platform_contract.deployment import Deployment, Trait, deployments, parse_deployment
from platform_contract.errors import ContractError

_HELP = "One in the cloud, by its name in platform.toml, or pr-<n>."


class HostedDeployment(click.ParamType[Deployment]):
    """A deployment of Dagster+ by the platform's name for it: a standing one's, or `pr-<n>`."""

    name = "deployment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Deployment:
        """The deployment.

        Raises:
            ContractError: for a name that is no deployment's, and for a laptop's, which Dagster+ does not host.
        """
        del param, ctx
        deployment = value if isinstance(value, Deployment) else parse_deployment(str(value))
        if deployment.has(Trait.LAPTOP):
            raise ContractError(
                f"deployment {deployment.name!r} is this machine, not Dagster+: name {deployments().clouds_named()}"
            )
        return deployment


def deployment_option[C: Callable[..., Any]](command: C) -> C:
    """The option `--deployment`, which has no default: what happens to a deployment is never an accident."""
    return click.option("--deployment", type=HostedDeployment(), required=True, help=_HELP)(command)
