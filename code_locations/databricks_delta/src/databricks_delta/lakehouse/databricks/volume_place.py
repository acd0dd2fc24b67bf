from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

from platform_runtime.files.content import stream_hash
from platform_runtime.files.landing_place import LandingPlace

from databricks_delta.lakehouse.databricks.failures import failure

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

        path = f"{self._path}/{name}"
        with _explained(path):
            try:
                contents: Any = self._client.files.download(path).contents
                with contents as stream:
                    return stream_hash(stream)
            except NotFound:
                return None

    @override
    def put(self, name: str, file: Path) -> None:
        path = f"{self._path}/{name}"
        with _explained(path):
            self._upload(path, file, overwrite=True)

    @override
    def add(self, name: str, file: Path) -> bool:
        from databricks.sdk.errors import AlreadyExists  # noqa: PLC0415 - as above

        path = f"{self._path}/{name}"
        with _explained(path):
            try:
                self._upload(path, file, overwrite=False)
            except AlreadyExists:
                return False
        return True

    def _upload(self, path: str, file: Path, *, overwrite: bool) -> None:
        self._client.files.create_directory(path.rpartition("/")[0])
        with file.open("rb") as content:
            self._client.files.upload(path, content, overwrite=overwrite)


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Let what the workspace refuses in the block say what to do."""
    from databricks.sdk.errors.base import DatabricksError  # noqa: PLC0415 - as above

    try:
        yield
    except DatabricksError as error:
        raise failure(error, path) from error
