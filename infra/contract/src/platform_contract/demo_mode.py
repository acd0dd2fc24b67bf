from collections.abc import Mapping

from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError
from platform_contract.resolution import inside_dagster_plus

_VARIABLE = EnvironmentVariable.PLATFORM_DEMO_MODE
_WORDS = {"true": True, "false": False}


def default_demo_mode(environ: Mapping[str, str]) -> bool:
    """What `demo_mode: "{{ demo_mode }}"` means here: true outside Dagster+ unless PLATFORM_DEMO_MODE=false.

    Raises:
        ContractError: when PLATFORM_DEMO_MODE is neither `true` nor `false`.
    """
    if inside_dagster_plus(environ):
        return False
    return _word(environ.get(_VARIABLE, "") or "true")


def check_demo_mode(demo_mode: bool, deployment: Deployment, environ: Mapping[str, str]) -> None:
    """Refuse an engine that this deployment cannot have.

    Raises:
        ContractError: for `true` inside Dagster+, where nothing on local disk outlives a run, and for `false` on
            a laptop, which has no cloud.
    """
    if demo_mode and inside_dagster_plus(environ):
        raise ContractError(
            f"demo_mode: true inside Dagster+ (deployment {deployment}) is refused, local disk is not kept there: "
            'write demo_mode: "{{ demo_mode }}" or false'
        )
    if not demo_mode and deployment.has(Trait.LAPTOP):
        raise ContractError(
            f"demo_mode: false on deployment {deployment.name!r} is refused, it has no cloud: "
            f"set PLATFORM_DEPLOYMENT to one of {deployments().clouds_named()}, or demo_mode: true"
        )


def _word(text: str) -> bool:
    if text not in _WORDS:
        raise ContractError(f"{_VARIABLE}={text!r} is not a demo mode: write true or false")
    return _WORDS[text]
