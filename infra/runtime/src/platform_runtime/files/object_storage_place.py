"""A folder in object storage as a place to put files. Its library, pyarrow, is imported where it is used."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, override

from platform_runtime.files.content import content_hash
from platform_runtime.files.landing_place import LandingPlace
from platform_runtime.files.local_place import LocalPlace
from platform_runtime.object_storage import StorageFolder, explained_storage_failures

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem


class ObjectStoragePlace(LandingPlace):
    """A folder in object storage; credentials are the process's own identity there.

    An object is there once its upload is complete, in S3, Google's and Azure's: nobody sees a part of it.
    """

    def __init__(self, uri: str) -> None:
        self._uri = uri

    @property
    @override
    def address(self) -> str:
        return self._uri

    @override
    def sha256(self, name: str) -> str | None:
        try:
            with StorageFolder(self._uri).opened(name) as content:
                return content_hash(content)
        except FileNotFoundError:
            return None

    @override
    def put(self, name: str, file: Path) -> None:
        import pyarrow as pa  # noqa: PLC0415 - a third of a second that definitions never need

        with explained_storage_failures(f"writing {self._uri}/{name}"), pa.memory_map(str(file)) as content:
            storage, folder = self._root
            with storage.open_output_stream(f"{folder}/{name}", compression=None) as stream:
                # At once: between two writes a run may be ended, and what closes the stream then would let the first
                # part be the object.
                stream.write(content.read_buffer())

    @override
    def add(self, name: str, file: Path) -> bool:
        from pyarrow import fs  # noqa: PLC0415 - as above

        with explained_storage_failures(f"writing {self._uri}/{name}"):
            storage, folder = self._root
            if storage.get_file_info(f"{folder}/{name}").type is not fs.FileType.NotFound:
                return False
        self.put(name, file)
        return True

    @cached_property
    def _root(self) -> tuple["FileSystem", str]:
        """The storage, and the folder in it."""
        from pyarrow import fs  # noqa: PLC0415 - as above

        return fs.FileSystem.from_uri(self._uri)


def storage_place(uri: str) -> LandingPlace:
    """The folder of that URI, which may be one of this machine too."""
    return LocalPlace(Path(uri.removeprefix("file://"))) if uri.startswith("file://") else ObjectStoragePlace(uri)
