from enum import StrEnum

from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.deployment_table import PULL_REQUEST_ENVIRONMENT
from platform_contract.errors import ContractError

MAIN_BRANCH = "main"
MANIFEST_ARTIFACT = "production-manifest"


class Workflow(StrEnum):
    """A workflow by its file in `.github/workflows`."""

    PULL_REQUEST = "pull-request.yml"
    CLOSE = "close.yml"
    MAIN = "main.yml"
    NIGHTLY = "nightly.yml"


def watched_from(deployment: Deployment) -> str:
    """The environment of the repository whose jobs look at a standing deployment without anybody's approval.

    Raises:
        ContractError: for a deployment that does not stand.
    """
    if not deployment.has(Trait.STANDING):
        raise ContractError(f"nothing watches {deployment}: name one of {deployments().standing_named(', ')}")
    environment = deployment.github_environment
    return f"{environment}-watch" if deployment.has(Trait.APPROVAL) else environment


def github_environments() -> tuple[str, ...]:
    """Every environment that the repository has: whose principals a job may be, and who has to agree first."""
    standing = (name for one in deployments().standing for name in (one.github_environment, watched_from(one)))
    return (PULL_REQUEST_ENVIRONMENT, *dict.fromkeys(standing))


def release_job(deployment: Deployment) -> str:
    """What the job of the main workflow is called that releases to a deployment: `Release to dev`."""
    return f"Release to {deployment.name}"


def close_run_title(pull_request: Deployment) -> str:
    """What a run of the close workflow is called, which tells whose run it is: `Close pr-7`."""
    return f"Close {pull_request.name}"
