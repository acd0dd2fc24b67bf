from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from databricks_delta.lakehouse.databricks.credentials import Settings
from databricks_delta.lakehouse.databricks.failures import failure
from databricks_delta.lakehouse.landing import LandedFile
from databricks_delta.spark_job.workspace_client import workspace_client

if TYPE_CHECKING:
    from databricks.sdk.service.files import DirectoryEntry, FilesAPI


# What Spark, and COPY INTO with it, passes over.
_HIDDEN = ("_", ".")


@dataclass(frozen=True, slots=True)
class VolumeFolder:
    """A folder of a Unity Catalog volume.

    Attributes:
        volume: absolute path of the volume.
        name: of the folder in it.
    """

    volume: str
    name: str

    @property
    def path(self) -> str:
        """Absolute path."""
        return f"{self.volume}/{self.name}"


def volume_listing(settings: Settings, folder: VolumeFolder) -> list[LandedFile]:
    """The files of the folder, oldest first, none of one that is not there, and none that Spark would pass over.

    The workspace is asked, by its Files API, and no warehouse: LIST takes URLs of cloud storage alone, and whoever
    looks every half minute must not keep a warehouse running.

    Raises:
        EngineError: when the workspace does not answer, or there is no such volume; the first line says what to do.
    """
    files = workspace_client(settings).files
    from databricks.sdk.errors import NotFound  # noqa: PLC0415 - a cloud client
    from databricks.sdk.errors.base import DatabricksError  # noqa: PLC0415

    try:
        return sorted(_files(files, folder.path), key=lambda file: (file.modified_at, file.name))
    except NotFound:
        _require_volume(files, folder.volume)
        return []
    except DatabricksError as error:
        raise failure(error, folder.path) from error


def _files(files: "FilesAPI", folder: str) -> Iterator[LandedFile]:
    for entry in files.list_directory_contents(folder):
        if not entry.is_directory and not (entry.name or "").startswith(_HIDDEN):
            yield _landed(entry)


def _landed(entry: "DirectoryEntry") -> LandedFile:
    modified_at = datetime.fromtimestamp((entry.last_modified or 0) / 1000, tz=UTC)
    return LandedFile(entry.name or "", entry.file_size or 0, modified_at)


def _require_volume(files: "FilesAPI", volume: str) -> None:
    from databricks.sdk.errors.base import DatabricksError  # noqa: PLC0415 - a cloud client

    try:
        files.get_directory_metadata(volume)
    except DatabricksError as error:
        raise failure(error, volume) from error
