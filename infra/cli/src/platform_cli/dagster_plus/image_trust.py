from collections.abc import Iterable
from enum import StrEnum

from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.errors import ContractError


class ImageTrust(StrEnum):
    """Who has agreed to what an image holds; also the last part of the name of the repository that it is kept in.

    Whoever may push to a repository decides what is run from it, so code that nobody has reviewed has its own.
    """

    PULL_REQUESTS = "pull-requests"
    RELEASE = "release"


def trust_of(served: Iterable[Deployment]) -> ImageTrust:
    """What an image has to be that serves these deployments.

    Raises:
        ContractError: when pull requests and what stands would share one.
    """
    found = {_trust(one) for one in served}
    if len(found) != 1:
        raise ContractError(
            "no image serves a pull request and what stands: "
            f"name either {deployments().standing_named(' and ')}, or pr-<n>"
        )
    return found.pop()


def _trust(deployment: Deployment) -> ImageTrust:
    return ImageTrust.PULL_REQUESTS if deployment.has(Trait.PULL_REQUEST) else ImageTrust.RELEASE
