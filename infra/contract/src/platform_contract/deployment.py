import difflib
import functools
import re
from dataclasses import dataclass
from enum import StrEnum

from platform_contract.deployment_table import PULL_REQUEST_ENVIRONMENT, DeploymentRow, DeploymentRows, deployment_rows
from platform_contract.errors import ContractError
from platform_contract.platform_file import PlatformFile, platform_file

# Nine digits keep every derived name far inside the shortest limit of either cloud.
_PULL_REQUEST = re.compile(r"pr-([1-9][0-9]{0,8})")


class Trait(StrEnum):
    """What tells one deployment from another; `platform.toml` says what each means, and which have it."""

    LAPTOP = "laptop"
    STANDING = "standing"
    PULL_REQUEST = "pull_request"
    HOSTS_PULL_REQUESTS = "hosts_pull_requests"
    CLONED = "cloned"
    CLEANS_UP = "cleans_up"
    PROTECTS_DATA = "protects_data"
    AUTOMATION = "automation"
    APPROVAL = "approval"
    ALERTS = "alerts"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A Pulumi stack, a Dagster+ deployment and a set of names, all at once.

    It is a `LAPTOP`, `STANDING` in the clouds, or made for a `PULL_REQUEST`, whose number `pull_request` is; None for
    every other. `shares_settings_of` names the standing one whose settings it has where it states none of its own:
    for a pull request the one that hosts it. `github_environment` is whose jobs change it.
    """

    name: str
    traits: frozenset[Trait]
    pull_request: int | None
    cloud_suffix: str
    shares_settings_of: str | None
    github_environment: str

    def has(self, *traits: Trait) -> bool:
        """Whether it has one of these traits."""
        return not self.traits.isdisjoint(traits)

    @property
    def suffix(self) -> str:
        """What every cloud name of this deployment ends with: `` for prod, `_dev`, `_pr_12`.

        Raises:
            ContractError: for a laptop, which has no cloud and therefore no cloud names.
        """
        if self.has(Trait.LAPTOP):
            raise ContractError(
                f"deployment {self.name!r} has no cloud, so it has no cloud names: "
                f"set PLATFORM_DEPLOYMENT to one of {deployments().clouds_named()}, or keep demo_mode true"
            )
        return self.cloud_suffix

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Deployments:
    """Every deployment that is always there, and those that have a part in pull requests.

    `standing` are those in the clouds, in the order in which a release goes through them. Pull requests live on what
    `host` has, start from the tables of `cloned`, and what they leave behind is looked for by `cleaner`.
    """

    laptop: Deployment
    standing: tuple[Deployment, ...]
    host: Deployment
    cloned: Deployment
    cleaner: Deployment

    def named(self) -> str:
        """What there is, as messages tell it: `local, dev, prod and pr-<number>`."""
        return f"{', '.join(one.name for one in (self.laptop, *self.standing))} and pr-<number>"

    def clouds_named(self) -> str:
        """What there is in the clouds: `dev, prod or pr-<number>`."""
        return f"{self.standing_named(', ')} or pr-<number>"

    def standing_named(self, between: str) -> str:
        """What stands in the clouds, with a word or comma `between`: `dev and prod`."""
        return between.join(one.name for one in self.standing)


def deployments_in(file: PlatformFile) -> Deployments:
    """The deployments that a platform file declares.

    Raises:
        ContractError: naming file, line and fix.
    """
    declared = deployment_rows(file)
    every = {row.name: _deployment(row, declared) for row in declared.rows}
    laptop = next(one for one in every.values() if one.has(Trait.LAPTOP))
    return Deployments(
        laptop=laptop,
        standing=tuple(one for one in every.values() if one is not laptop),
        host=every[declared.hosted_by],
        cloned=every[declared.clones_data_of],
        cleaner=every[declared.cleaned_up_by],
    )


@functools.cache
def deployments() -> Deployments:
    """The platform's own deployments, read once in a process.

    Raises:
        ContractError: when `platform.toml` is not as it should be.
    """
    return deployments_in(platform_file())


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
    known = deployments()
    standing = {one.name: one for one in (known.laptop, *known.standing)}
    if name in standing:
        return standing[name]
    matched = _PULL_REQUEST.fullmatch(name)
    if matched is None:
        near = difflib.get_close_matches(name.lower(), standing, n=1)
        guess = f"did you mean {near[0]!r}? " if near else ""
        raise ContractError(f"unknown deployment {name!r}: {guess}known are {known.named()}")
    return _pull_request(name, int(matched.group(1)), known.host)


def is_pull_request(name: str) -> bool:
    """Whether a name is exactly a pull request's, `pr-<n>`: nothing else may be swept or closed."""
    return _PULL_REQUEST.fullmatch(name) is not None


def _deployment(row: DeploymentRow, declared: DeploymentRows) -> Deployment:
    parts = {
        Trait.HOSTS_PULL_REQUESTS: declared.hosted_by,
        Trait.CLONED: declared.clones_data_of,
        Trait.CLEANS_UP: declared.cleaned_up_by,
    }
    said = frozenset(Trait(flag) for flag in row.flags) | {trait for trait, name in parts.items() if name == row.name}
    return Deployment(
        name=row.name,
        traits=said if Trait.LAPTOP in said else said | {Trait.STANDING},
        pull_request=None,
        cloud_suffix=row.suffix,
        shares_settings_of=row.shares_settings_of,
        github_environment=row.github_environment,
    )


def _pull_request(name: str, number: int, host: Deployment) -> Deployment:
    return Deployment(
        name=name,
        traits=frozenset({Trait.PULL_REQUEST}),
        pull_request=number,
        cloud_suffix=f"_pr_{number}",
        shares_settings_of=host.name,
        github_environment=PULL_REQUEST_ENVIRONMENT,
    )
