from enum import StrEnum

from platform_contract.deployment import Deployment, DeploymentKind
from platform_contract.errors import ContractError

MAIN_BRANCH = "main"
MANIFEST_ARTIFACT = "production-manifest"


class Workflow(StrEnum):
    """A workflow by its file in `.github/workflows`."""

    PULL_REQUEST = "pull-request.yml"
    CLOSE = "close.yml"
    MAIN = "main.yml"
    NIGHTLY = "nightly.yml"


class GitHubEnvironment(StrEnum):
    """An environment of the repository: whose principals a job may be, and who has to agree first."""

    PULL_REQUESTS = "pull-requests"
    DEV = "dev"
    PRODUCTION = "production"
    PRODUCTION_WATCH = "production-watch"


_WATCHED_FROM = {
    DeploymentKind.DEV: GitHubEnvironment.DEV,
    DeploymentKind.PROD: GitHubEnvironment.PRODUCTION_WATCH,
}


def watched_from(deployment: Deployment) -> GitHubEnvironment:
    """The environment whose jobs look at a standing deployment without anybody's approval.

    Raises:
        ContractError: for a deployment that does not stand.
    """
    if deployment.kind not in _WATCHED_FROM:
        raise ContractError(f"nothing watches {deployment}: name dev or prod")
    return _WATCHED_FROM[deployment.kind]


def close_run_title(pull_request: Deployment) -> str:
    """What a run of the close workflow is called, which tells whose run it is: `Close pr-7`."""
    return f"Close {pull_request.name}"
