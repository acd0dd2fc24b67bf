import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import override

from platform_contract.deployment import Deployment
from platform_contract.domain import Domain
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import RAW_LOAD_REQUIREMENTS, require_settings
from platform_contract.storage_paths import storage_paths
from platform_runtime.object_storage import StorageFolder, StoredObject

from snowflake_medallion.landed_file import LandedFile
from snowflake_medallion.landing import Landing


@dataclass(frozen=True, slots=True)
class StoredFile(LandedFile):
    """A file in object storage; it is copied to this machine to be read."""

    folder: StorageFolder
    stored: StoredObject
    scratch: Path

    @property
    @override
    def name(self) -> str:
        return self.stored.name

    @property
    @override
    def size(self) -> int:
        return self.stored.size

    @property
    @override
    def modified_at(self) -> datetime:
        return self.stored.modified_at

    @override
    @contextmanager
    def opened(self) -> Iterator[Path]:
        """Where its copy is, which goes with the block: never more than one file takes room on this machine.

        Raises:
            dagster.Failure: when it cannot be read to its end; its first line says what to do.
        """
        self.scratch.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.scratch, prefix="landed-") as copies:
            # Its last part alone: what else an object's name may hold is no path here.
            copy = Path(copies) / PurePosixPath(self.name).name
            self.folder.fetch(self.name, copy)
            yield copy


@dataclass(frozen=True, slots=True)
class ObjectStorageLanding(Landing):
    """The landing folder of a domain in a deployment's object storage.

    Where that is comes from the environment when files are looked for, and the credentials are the process's own
    identity there.
    """

    domain: Domain
    deployment: Deployment
    scratch: Path

    @property
    @override
    def location(self) -> str:
        """Its URI.

        Raises:
            MissingSettingsError: naming every setting that the load of its files lacks, Snowflake's too.
            ContractError: when PLATFORM_STORAGE_URI is no folder in object storage.
        """
        settings = require_settings(
            os.environ, RAW_LOAD_REQUIREMENTS, f"the load of {self.domain} on {self.deployment}"
        )
        return storage_paths(settings[EnvironmentVariable.PLATFORM_STORAGE_URI], self.deployment).source(
            self.domain.name
        )

    @override
    def found(self) -> Iterable[LandedFile]:
        """Every file that is there.

        Raises:
            MissingSettingsError: as for its location.
            ContractError: as for its location.
            dagster.Failure: when they cannot be listed; its first line says what to do.
        """
        folder = StorageFolder(self.location)
        return [StoredFile(folder, stored, self.scratch) for stored in folder.objects()]
