from collections.abc import Iterable
from enum import StrEnum

from platform_contract.deployment import Deployment, DeploymentKind
from platform_contract.errors import ContractError


class ImageTrust(StrEnum):
    """Who has agreed to what an image holds; also the last part of the name of the repository that it is kept in.

    Whoever may push to a repository decides what is run from it, so code that nobody has reviewed has its own.
    """

    PULL_REQUESTS = "pull-requests"
    RELEASE = "release"


def trust_of(deployments: Iterable[Deployment]) -> ImageTrust:
    """What an image has to be that serves these deployments.

    Raises:
        ContractError: when pull requests and what stands would share one.
    """
    found = {_TRUST[deployment.kind] for deployment in deployments}
    if len(found) != 1:
        raise ContractError("no image serves a pull request and what stands: name either dev and prod, or pr-<n>")
    return found.pop()


_TRUST = {
    DeploymentKind.DEV: ImageTrust.RELEASE,
    DeploymentKind.PROD: ImageTrust.RELEASE,
    DeploymentKind.PULL_REQUEST: ImageTrust.PULL_REQUESTS,
}
