from dataclasses import dataclass
from pathlib import Path

from dagster_cloud_cli.config.models import Location, load_dagster_cloud_yaml
from platform_contract.errors import ContractError

from platform_cli.dagster_plus.image_trust import ImageTrust

CONFIGURATION = "dagster_cloud.yaml"


@dataclass(frozen=True, slots=True)
class ImageRepository:
    """The repository of a registry that keeps all locations' images of one level of trust; its tags are immutable."""

    name: str
    locations: tuple[str, ...]

    def tagged(self, location: str, tag: str) -> str:
        """What the image of a location is pushed by."""
        return f"{self.name}:{location}-{tag}"

    def pinned(self, digest: str) -> str:
        """What an image is deployed by: whoever may push a tag does not decide what this names."""
        return f"{self.name}@{digest}"


def image_repository(checkout: Path, trust: ImageTrust) -> ImageRepository:
    """The repository of that trust, beside the one for releases, which `dagster_cloud.yaml` names.

    Raises:
        ContractError: when a location names none, or another than the rest.
    """
    configured = load_dagster_cloud_yaml((checkout / CONFIGURATION).read_text(encoding="utf-8"))
    names = {_release_repository(location) for location in configured.locations}
    if len(names) != 1:
        raise ContractError(f"{CONFIGURATION}: build.registry is one for all locations, not {', '.join(sorted(names))}")
    name = names.pop().removesuffix(ImageTrust.RELEASE) + trust
    return ImageRepository(name, tuple(location.location_name for location in configured.locations))


def _release_repository(location: Location) -> str:
    name = location.build.registry if location.build else None
    if not name or not name.endswith(f"/{ImageTrust.RELEASE}"):
        raise ContractError(
            f"{CONFIGURATION}: build.registry of location {location.location_name} is {name}, "
            f"and the repository for releases is called <registry>/<name>/{ImageTrust.RELEASE}"
        )
    return name
