from dataclasses import dataclass

from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.errors import ContractError


@dataclass(frozen=True, slots=True)
class CloneRoute:
    """From which deployment to which one data is copied.

    Whatever copies takes the names it writes from here, so a route to anything but a pull request cannot be made: no
    statement could ever name a table of what stands, or of the laptop's own deployment, as its target.
    """

    source: Deployment
    target: Deployment

    def __post_init__(self) -> None:
        if not self.target.has(Trait.PULL_REQUEST):
            raise ContractError(
                f"data is cloned into a pull request alone, and {self.target} is none: name pr-<number>"
            )
        known = deployments()
        if self.source not in (known.cloned, known.laptop):
            raise ContractError(
                f"{self.target} cannot be cloned from {self.source}: "
                f"a clone's source is {known.cloned}, or {known.laptop} on this machine"
            )


def clone_route(deployment: Deployment, demo_mode: bool) -> CloneRoute:
    """Whose data a pull request starts from: production's, or on this machine its stand-in's.

    Raises:
        ContractError: for a deployment that is no pull request.
    """
    known = deployments()
    return CloneRoute(known.laptop if demo_mode else known.cloned, deployment)
