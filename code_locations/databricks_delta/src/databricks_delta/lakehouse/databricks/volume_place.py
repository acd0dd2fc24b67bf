from pathlib import Path
from typing import TYPE_CHECKING, Any, override

from databricks_delta.lakehouse.databricks.failures import failure
from databricks_delta.lakehouse.landing_place import CHUNK_BYTES, LandingPlace, content_hash

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient


class VolumePlace(LandingPlace):
    """A folder of a Unity Catalog volume, by the workspace's Files API, whose uploads are whole or not there."""

    def __init__(self, client: "WorkspaceClient", path: str) -> None:
        self._client = client
        self._path = path

    @property
    @override
    def address(self) -> str:
        return self._path

    @override
    def sha256(self, name: str) -> str | None:
        from databricks.sdk.errors import NotFound  # noqa: PLC0415 - a cloud client, which the laptop does not have
        from databricks.sdk.errors.base import DatabricksError  # noqa: PLC0415

        path = f"{self._path}/{name}"
        try:
            contents: Any = self._client.files.download(path).contents
            with contents as stream:
                return content_hash(iter(lambda: stream.read(CHUNK_BYTES), b""))
        except NotFound:
            return None
        except DatabricksError as error:
            raise failure(error, path) from error

    @override
    def put(self, name: str, file: Path) -> None:
        from databricks.sdk.errors.base import DatabricksError  # noqa: PLC0415 - as above

        path = f"{self._path}/{name}"
        try:
            self._client.files.create_directory(path.rpartition("/")[0])
            with file.open("rb") as content:
                self._client.files.upload(path, content, overwrite=True)
        except DatabricksError as error:
            raise failure(error, path) from error
