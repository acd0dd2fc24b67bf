from dataclasses import dataclass

from platform_contract.deployment import LOCAL, PROD, Deployment, DeploymentKind
from platform_contract.errors import ContractError

_SOURCES = (PROD, LOCAL)


@dataclass(frozen=True, slots=True)
class CloneRoute:
    """From which deployment to which one data is copied.

    Whatever copies takes the names it writes from here, so a route to anything but a pull request cannot be made: no
    statement could ever name a table of production, dev or the laptop's own deployment as its target.
    """

    source: Deployment
    target: Deployment

    def __post_init__(self) -> None:
        if self.target.kind is not DeploymentKind.PULL_REQUEST:
            raise ContractError(
                f"data is cloned into a pull request alone, and {self.target} is none: name pr-<number>"
            )
        if self.source not in _SOURCES:
            raise ContractError(
                f"{self.target} cannot be cloned from {self.source}: a clone's source is prod, or local on this machine"
            )


def clone_route(deployment: Deployment, demo_mode: bool) -> CloneRoute:
    """Whose data a pull request starts from: production's, or on this machine that of `local`, its stand-in.

    Raises:
        ContractError: for a deployment that is no pull request.
    """
    return CloneRoute(LOCAL if demo_mode else PROD, deployment)
