from dataclasses import dataclass
from pathlib import Path

from dagster_cloud_cli.config.models import load_dagster_cloud_yaml
from platform_contract.deployment import Deployment
from platform_contract.errors import ContractError

CONFIGURATION = "dagster_cloud.yaml"


@dataclass(frozen=True, slots=True)
class Image:
    """The image of one location for one deployment: dbt's manifest in it is the deployment's own."""

    location: str
    registry: str
    deployment: Deployment
    tag: str

    @property
    def reference(self) -> str:
        """What it is pushed and pulled by."""
        return f"{self.registry}:{image_tag(self.deployment, self.tag)}"

    def build_command(self) -> list[str]:
        """The command that builds it, for the root of the checkout."""
        arguments = {"LOCATION": self.location, "DEPLOYMENT": self.deployment.name}
        options = [part for name, value in arguments.items() for part in ("--build-arg", f"{name}={value}")]
        return ["docker", "build", *options, "--tag", self.reference, "."]

    def push_command(self) -> list[str]:
        """The command that pushes it."""
        return ["docker", "push", self.reference]


def image_tag(deployment: Deployment, tag: str) -> str:
    """The tag of all images of a deployment: one state of the code makes other images for other deployments."""
    return f"{deployment}-{tag}"


def registries(checkout: Path) -> dict[str, str]:
    """Where the image of each location is kept, by the location's name, as `dagster_cloud.yaml` has it.

    Raises:
        ContractError: when a location has no registry.
    """
    configured = load_dagster_cloud_yaml((checkout / CONFIGURATION).read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for location in configured.locations:
        if location.build is None or not location.build.registry:
            raise ContractError(f"{CONFIGURATION}: location {location.location_name} has no build.registry")
        found[location.location_name] = location.build.registry
    return found


def image(checkout: Path, location: str, deployment: Deployment, tag: str) -> Image:
    """The image of a location.

    Raises:
        ContractError: when `dagster_cloud.yaml` has no such location.
    """
    known = registries(checkout)
    if location not in known:
        raise ContractError(f"{CONFIGURATION} has no location {location!r}: known are {', '.join(known)}")
    return Image(location, known[location], deployment, tag)
