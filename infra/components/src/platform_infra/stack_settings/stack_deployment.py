from platform_contract.deployment import Deployment, Trait, deployments, parse_deployment
from platform_contract.errors import ContractError

from platform_infra.stack_settings.errors import StackSettingsError


def stack_deployment(stack: str) -> Deployment:
    """The deployment that a stack is: they share one name.

    Args:
        stack: the stack's name, without organisation or project.

    Raises:
        StackSettingsError: when the name is no deployment's.
    """
    try:
        return parse_deployment(stack)
    except ContractError as error:
        raise StackSettingsError(f"stack {stack!r}: {error}. Create the stack under one of those names") from error


def cloud_deployment(stack: str) -> Deployment:
    """The deployment that a stack of a cloud's program is.

    Raises:
        StackSettingsError: when the name is no deployment's, or a laptop's.
    """
    deployment = stack_deployment(stack)
    if deployment.has(Trait.LAPTOP):
        legal = deployments().clouds_named()
        raise StackSettingsError(f"stack {stack!r} is not one that this program builds: select one of {legal}")
    return deployment
