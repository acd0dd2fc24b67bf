"""A registry: the images that were pushed, each of them a folder on this machine in place of layers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class ImagePullError(RuntimeError):
    """There is no such image."""


@dataclass(frozen=True, slots=True)
class Image:
    """What a container starts from: its environment, its working folder, and the folders that stand first on PATH."""

    folder: Path
    programs: Path
    environment: Mapping[str, str]


class ImageRegistry:
    """Images by the reference under which they were pushed."""

    def __init__(self) -> None:
        self._images: dict[str, Image] = {}

    def push(self, reference: str, image: Image) -> None:
        """Keep an image under `<repository>:<tag>`."""
        self._images[reference] = image

    def pull(self, reference: str) -> Image:
        """The image of that reference."""
        if reference not in self._images:
            raise ImagePullError(f'Failed to pull image "{reference}": not found')
        return self._images[reference]
