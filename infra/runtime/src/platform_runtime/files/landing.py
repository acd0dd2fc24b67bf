from abc import ABC, abstractmethod
from pathlib import Path
from typing import override

import dagster as dg

from platform_runtime.files.folder import Folder
from platform_runtime.files.local_folder import LocalFolder
from platform_runtime.files.object_storage_folder import ObjectStorageFolder


class Landing(dg.ConfigurableResource, ABC):
    """Where files arrive, a folder for each source."""

    @abstractmethod
    def folder(self, source: str) -> Folder:
        """The folder of a source, `<domain>` or `<domain>/<folder>`."""


class LocalLanding(Landing):
    """The landing folder of this machine."""

    path: str

    @override
    def folder(self, source: str) -> Folder:
        return LocalFolder(Path(self.path) / source)


class ObjectStorageLanding(Landing, ABC):
    """A landing folder in object storage. Where that is comes from the environment when files are looked for."""

    @abstractmethod
    def root(self) -> str:
        """The URI of the folder that holds one for each source.

        Raises:
            MissingSettingsError: naming every setting that whoever reads the files lacks.
            ContractError: when PLATFORM_STORAGE_URI is no folder in object storage.
        """

    @override
    def folder(self, source: str) -> Folder:
        return ObjectStorageFolder(f"{self.root()}/{source}")
