from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from platform_runtime.files.landed_file import LandedFile, Listing, by_name, counts_as_landed
from platform_runtime.files.refusal import Refusal

from databricks_delta.lakehouse.databricks.credentials import Settings
from databricks_delta.lakehouse.databricks.failures import failure
from databricks_delta.spark_job.workspace_client import workspace_client

if TYPE_CHECKING:
    from databricks.sdk.service.files import DirectoryEntry, FilesAPI


_MOVE_UP = "move it up into the source's own folder, where COPY INTO finds it"


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


def volume_listing(settings: Settings, folder: VolumeFolder) -> Listing:
    """What has landed in the folder; nothing of one that is not there.

    The workspace is asked, by its Files API, and no warehouse: LIST takes URLs of cloud storage alone, and whoever
    looks every half minute must not keep a warehouse running.

    Raises:
        EngineError: when the workspace does not answer, or there is no such volume; the first line says what to do.
    """
    files = workspace_client(settings).files
    from databricks.sdk.errors import NotFound  # noqa: PLC0415 - a cloud client
    from databricks.sdk.errors.base import DatabricksError  # noqa: PLC0415

    try:
        found = list(_found(files, folder.path, ""))
    except NotFound:
        _require_volume(files, folder.volume)
        return Listing((), ())
    except DatabricksError as error:
        raise failure(error, folder.path) from error
    refused = tuple(
        Refusal(file.name, "", "it lies in a folder of its own", _MOVE_UP) for file in found if "/" in file.name
    )
    return Listing(by_name(file for file in found if "/" not in file.name), refused)


def _found(files: "FilesAPI", folder: str, below: str) -> Iterator[LandedFile]:
    for entry in files.list_directory_contents(folder):
        name = f"{below}{entry.name}"
        if not counts_as_landed(name):
            continue
        if entry.is_directory:
            yield from _found(files, f"{folder}/{entry.name}", f"{name}/")
        else:
            yield _landed(name, entry)


def _landed(name: str, entry: "DirectoryEntry") -> LandedFile:
    modified_at = datetime.fromtimestamp((entry.last_modified or 0) / 1000, tz=UTC)
    return LandedFile(name, entry.file_size or 0, modified_at)


def _require_volume(files: "FilesAPI", volume: str) -> None:
    from databricks.sdk.errors.base import DatabricksError  # noqa: PLC0415 - a cloud client

    try:
        files.get_directory_metadata(volume)
    except DatabricksError as error:
        raise failure(error, volume) from error
