from platform_contract.deployment import Deployment, DeploymentKind, parse_deployment
from platform_contract.errors import ContractError

from platform_infra.stack_settings.errors import StackSettingsError

CLOUD_KINDS = frozenset({DeploymentKind.DEV, DeploymentKind.PROD, DeploymentKind.PULL_REQUEST})


def stack_deployment(stack: str, kinds: frozenset[DeploymentKind]) -> Deployment:
    """The deployment that a stack is: they share one name.

    Args:
        stack: the stack's name, without organisation or project.
        kinds: the kinds of deployment that the program can build.

    Raises:
        StackSettingsError: when the name is no deployment's, or one of a kind that this program does not build.
    """
    try:
        deployment = parse_deployment(stack)
    except ContractError as error:
        raise StackSettingsError(f"stack {stack!r}: {error}. Create the stack under one of those names") from error
    if deployment.kind not in kinds:
        legal = ", ".join(sorted(_stack_name(kind) for kind in kinds))
        raise StackSettingsError(f"stack {stack!r} is not one that this program builds: select one of {legal}")
    return deployment


def _stack_name(kind: DeploymentKind) -> str:
    return "pr-<number>" if kind is DeploymentKind.PULL_REQUEST else kind.value
