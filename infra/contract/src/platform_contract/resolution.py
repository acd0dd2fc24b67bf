from collections.abc import Mapping

from platform_contract.deployment import Deployment, Trait, deployments, parse_deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

_STATED = EnvironmentVariable.PLATFORM_DEPLOYMENT
_BRANCH = EnvironmentVariable.DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT
_PULL_REQUEST = EnvironmentVariable.DAGSTER_CLOUD_PULL_REQUEST_ID
_DEPLOYMENT_NAME = EnvironmentVariable.DAGSTER_CLOUD_DEPLOYMENT_NAME


def inside_dagster_plus(environ: Mapping[str, str]) -> bool:
    """Whether this process is a code server or a run of Dagster+."""
    return bool(environ.get(_DEPLOYMENT_NAME)) or environ.get(_BRANCH) == "1"


def resolve_deployment(environ: Mapping[str, str]) -> Deployment:
    """The deployment that this process belongs to.

    Dagster+ says it by its own variables, anything else by PLATFORM_DEPLOYMENT; with neither it is the laptop's.

    Raises:
        ContractError: when a value is unknown, when a branch deployment has no pull request, or when both speak and
            disagree: a variable scoped too widely must never turn a pull request into production.
    """
    stated = _stated(environ)
    if not inside_dagster_plus(environ):
        return stated or deployments().laptop
    hosted = _hosted(environ)
    if stated is not None and stated != hosted:
        raise ContractError(
            f"{_STATED}={stated} but Dagster+ says this is {hosted}: "
            f"remove {_STATED} from the Dagster+ environment variables, or scope it to {stated} alone"
        )
    return hosted


def _stated(environ: Mapping[str, str]) -> Deployment | None:
    name = environ.get(_STATED, "")
    if not name:
        return None
    try:
        return parse_deployment(name)
    except ContractError as error:
        raise ContractError(f"{_STATED}: {error}") from None


def _hosted(environ: Mapping[str, str]) -> Deployment:
    if environ.get(_BRANCH) == "1":
        return _branch_deployment(environ.get(_PULL_REQUEST, ""))
    try:
        hosted = parse_deployment(environ[_DEPLOYMENT_NAME])
    except ContractError as error:
        raise ContractError(f"{_DEPLOYMENT_NAME}: {error}") from None
    if hosted.has(Trait.STANDING):
        return hosted
    raise ContractError(
        f"{_DEPLOYMENT_NAME}={hosted}, but a full deployment of Dagster+ is "
        f"{deployments().standing_named(' or ')}; rename it, "
        f"or let Dagster+ make a branch deployment for a pull request"
    )


def _branch_deployment(number: str) -> Deployment:
    if not number:
        raise ContractError(
            f"{_BRANCH}=1 but {_PULL_REQUEST} is empty: open a pull request for this branch, "
            f"a branch deployment without one has no names of its own"
        )
    try:
        return parse_deployment(f"pr-{number}")
    except ContractError:
        raise ContractError(f"{_PULL_REQUEST}={number!r} is not the number of a pull request") from None
