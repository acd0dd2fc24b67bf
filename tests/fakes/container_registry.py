"""A registry: the images that were pushed, each of them a folder on this machine in place of layers.

Its repositories are as Amazon ECR keeps them where tags are immutable (docs.aws.amazon.com, Amazon ECR user guide:
"Preventing image tags from being overwritten", "Repository policies"): a repository is made before the first push, a
tag names one image for ever, and who may push or pull is said repository by repository.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOST = "registry.example.com"


class RegistryError(RuntimeError):
    """The registry refuses, in the words that Docker prints."""


class ImagePullError(RuntimeError):
    """There is no such image, or none for who asks."""


@dataclass(frozen=True, slots=True)
class Image:
    """What a container starts from: its environment, its working folder, and the folders that stand first on PATH."""

    folder: Path
    programs: Path
    environment: Mapping[str, str]


@dataclass(slots=True)
class ImageRepository:
    """A repository: whose pushes and pulls it takes, its images by digest, and the digest of each tag."""

    name: str
    pushers: frozenset[str]
    pullers: frozenset[str]
    images: dict[str, Image] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def push(self, tag: str, image: Image) -> str:
        """Keep an image; its digest, another one for each build."""
        if tag in self.tags:
            raise RegistryError(
                f"tag invalid: The image tag '{tag}' already exists in the '{self.name}' repository and cannot be "
                "overwritten because the repository is immutable."
            )
        digest = f"sha256:{hashlib.sha256(f'{self.name}:{tag}:{len(self.images)}'.encode()).hexdigest()}"
        self.images[digest], self.tags[tag] = image, digest
        return digest


class ImageRegistry:
    """Repositories by name, below the host of the registry."""

    def __init__(self) -> None:
        self.repositories: dict[str, ImageRepository] = {}

    def create(self, name: str, *, pushers: set[str], pullers: set[str]) -> ImageRepository:
        """Make a repository; whoever pushes may pull as well."""
        made = ImageRepository(name, frozenset(pushers), frozenset(pullers | pushers))
        self.repositories[name] = made
        return made

    def push(self, role: str, reference: str, image: Image) -> str:
        """Keep an image under `<host>/<repository>:<tag>`; its digest.

        Raises:
            RegistryError: when there is no such repository, the role may not push there, or the tag is taken.
        """
        repository, tag = self._repository(role, reference)
        if role not in repository.pushers:
            raise RegistryError(_denied(role, "ecr:InitiateLayerUpload", repository))
        return repository.push(tag, image)

    def digest(self, role: str, reference: str) -> str | None:
        """The digest that a tag names, if it names one.

        Raises:
            RegistryError: when there is no such repository, or the role may not look there.
        """
        repository, tag = self._repository(role, reference)
        if role not in repository.pullers:
            raise RegistryError(_denied(role, "ecr:BatchGetImage", repository))
        return repository.tags.get(tag)

    def pull(self, role: str, reference: str) -> Image:
        """The image of `<host>/<repository>@<digest>`, or of a tag.

        Raises:
            ImagePullError: when it is not there, or not for that role.
        """
        name, at, digest = reference.removeprefix(f"{HOST}/").partition("@")
        if not at:
            name, _, tag = name.rpartition(":")
            digest = self.repositories[name].tags.get(tag, "") if name in self.repositories else ""
        repository = self.repositories.get(name)
        if repository is None or digest not in repository.images:
            raise ImagePullError(f'Failed to pull image "{reference}": not found')
        if role not in repository.pullers:
            denied = _denied(role, "ecr:BatchGetImage", repository)
            raise ImagePullError(f'Failed to pull image "{reference}": {denied}')
        return repository.images[digest]

    def _repository(self, role: str, reference: str) -> tuple[ImageRepository, str]:
        name, _, tag = reference.removeprefix(f"{HOST}/").rpartition(":")
        if not role:
            raise RegistryError(f"no basic auth credentials for {HOST}")
        if name not in self.repositories:
            raise RegistryError(f"name unknown: The repository with name '{name}' does not exist in the registry")
        return self.repositories[name], tag


def _denied(role: str, action: str, repository: ImageRepository) -> str:
    return f"denied: User: {role} is not authorized to perform: {action} on resource: repository/{repository.name}"
