import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

from platform_contract.errors import ContractError

# Nine digits keep every derived name far inside the shortest limit of either cloud.
_PULL_REQUEST = re.compile(r"pr-([1-9][0-9]{0,8})")


class DeploymentKind(StrEnum):
    """What sort of deployment: the laptop, the shared development one, production, or one pull request's."""

    LOCAL = "local"
    DEV = "dev"
    PROD = "prod"
    PULL_REQUEST = "pr"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A Pulumi stack, a Dagster+ deployment and a set of names, all at once.

    `pull_request` is the number of the pull request for that kind, and None for every other.
    """

    kind: DeploymentKind
    pull_request: int | None

    @property
    def name(self) -> str:
        """`local`, `dev`, `prod` or `pr-<n>`."""
        return self.kind.value if self.pull_request is None else f"pr-{self.pull_request}"

    @property
    def suffix(self) -> str:
        """What every cloud name of this deployment ends with: `` for prod, `_dev`, `_pr_12`.

        Raises:
            ContractError: for `local`, which has no cloud and therefore no cloud names.
        """
        if self.kind is DeploymentKind.LOCAL:
            raise ContractError(
                "deployment 'local' has no cloud, so it has no cloud names: "
                "set PLATFORM_DEPLOYMENT=dev (or prod, or pr-<n>), or keep demo_mode true"
            )
        return "" if self.kind is DeploymentKind.PROD else f"_{self.name.replace('-', '_')}"

    def __str__(self) -> str:
        return self.name


LOCAL = Deployment(DeploymentKind.LOCAL, None)
DEV = Deployment(DeploymentKind.DEV, None)
PROD = Deployment(DeploymentKind.PROD, None)

_STANDING = {deployment.name: deployment for deployment in (LOCAL, DEV, PROD)}


def pull_request(number: int) -> Deployment:
    """The deployment of one pull request.

    Raises:
        ContractError: when the number is not between 1 and 999,999,999.
    """
    return parse_deployment(f"pr-{number}")


def parse_deployment(name: str) -> Deployment:
    """The deployment of that exact name.

    Raises:
        ContractError: when there is none; the message lists the known ones and the nearest.
    """
    if name in _STANDING:
        return _STANDING[name]
    matched = _PULL_REQUEST.fullmatch(name)
    if matched is None:
        raise ContractError(f"unknown deployment {name!r}: {_nearest(name)}known are local, dev, prod and pr-<number>")
    return Deployment(DeploymentKind.PULL_REQUEST, int(matched.group(1)))


def is_pull_request(name: str) -> bool:
    """Whether a name is exactly a pull request's, `pr-<n>`: nothing else may be swept or closed."""
    return _PULL_REQUEST.fullmatch(name) is not None


def _nearest(name: str) -> str:
    close = difflib.get_close_matches(name.lower(), _STANDING, n=1)
    return f"did you mean {close[0]!r}? " if close else ""
