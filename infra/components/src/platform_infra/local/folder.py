import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from platform_infra.local.store_provider import DELETE_DATA, MADE, PATH, LocalStoreProvider


class FolderProvider(LocalStoreProvider):
    """A folder; any file below it is data."""

    @property
    def identity(self) -> tuple[str, ...]:
        """Its path."""
        return (PATH,)

    def exists(self, props: Mapping[str, Any]) -> bool:
        """Whether there is a folder at the path."""
        return Path(props[PATH]).is_dir()

    def make(self, props: Mapping[str, Any]) -> None:
        """Make the folder and the ones above it."""
        from platform_runtime.local_stores import provision_folder  # noqa: PLC0415 - keeps the module light

        provision_folder(Path(props[PATH]))

    def held_data(self, props: Mapping[str, Any]) -> list[str]:
        """The files below the folder."""
        folder = Path(props[PATH])
        return sorted(str(entry.relative_to(folder)) for entry in folder.rglob("*") if not entry.is_dir())

    def remove(self, props: Mapping[str, Any]) -> None:
        """Remove the folder and everything below it."""
        shutil.rmtree(props[PATH])


class LocalFolder(Resource, module="platform", name="LocalFolder"):
    """A folder of a deployment on this machine."""

    path: pulumi.Output[str]
    made: pulumi.Output[bool]

    def __init__(self, name: str, path: Path, delete_data: bool, opts: pulumi.ResourceOptions) -> None:
        props = {PATH: str(path), DELETE_DATA: delete_data, MADE: None}
        super().__init__(FolderProvider(), name, props, opts)
