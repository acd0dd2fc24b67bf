import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import override

from platform_runtime.object_storage import explained_storage_failures

CHUNK_BYTES = 1 << 20


class LandingPlace(ABC):
    """Where a domain's files arrive. A file is replaced whole: whoever looks meanwhile finds the old one or the new."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Where a person would look: a path, or a URI."""

    @abstractmethod
    def sha256(self, name: str) -> str | None:
        """The SHA-256 of the file of that name; None where there is none."""

    @abstractmethod
    def put(self, name: str, file: Path) -> None:
        """Let a file of this machine be the one of that name, a path below the place."""

    def replace(self, name: str, file: Path) -> bool:
        """As `put`, unless the same content is there already; whether anything was written."""
        if self.sha256(name) == _hash_of(file):
            return False
        self.put(name, file)
        return True


@dataclass(frozen=True, slots=True)
class LocalPlace(LandingPlace):
    """A folder of this machine."""

    folder: Path

    @property
    @override
    def address(self) -> str:
        return str(self.folder)

    @override
    def sha256(self, name: str) -> str | None:
        path = self.folder / name
        return _hash_of(path) if path.is_file() else None

    @override
    def put(self, name: str, file: Path) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # A name that starts with a dot is a file that is still arriving. It is in the folder itself, for a file system
        # renames within itself alone.
        arriving = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            arriving.write_bytes(file.read_bytes())
            arriving.replace(path)
        finally:
            arriving.unlink(missing_ok=True)


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
        from pyarrow import fs  # noqa: PLC0415 - a third of a second that definitions never need

        with explained_storage_failures(f"reading {self._uri}/{name}"):
            storage, folder = fs.FileSystem.from_uri(self._uri)
            if storage.get_file_info(f"{folder}/{name}").type is fs.FileType.NotFound:
                return None
            with storage.open_input_stream(f"{folder}/{name}", compression=None) as stream:
                return content_hash(iter(lambda: stream.read(CHUNK_BYTES), b""))

    @override
    def put(self, name: str, file: Path) -> None:
        import pyarrow as pa  # noqa: PLC0415 - as above
        from pyarrow import fs  # noqa: PLC0415

        with explained_storage_failures(f"writing {self._uri}/{name}"), pa.memory_map(str(file)) as content:
            storage, folder = fs.FileSystem.from_uri(self._uri)
            with storage.open_output_stream(f"{folder}/{name}", compression=None) as stream:
                # At once: between two writes a run may be ended, and what closes the stream then would let the first
                # part be the object.
                stream.write(content.read_buffer())


def storage_place(uri: str) -> LandingPlace:
    """The folder of that URI, which may be one of this machine too."""
    return LocalPlace(Path(uri.removeprefix("file://"))) if uri.startswith("file://") else ObjectStoragePlace(uri)


def _hash_of(file: Path) -> str:
    with file.open("rb") as content:
        return content_hash(iter(lambda: content.read(CHUNK_BYTES), b""))


def content_hash(chunks: Iterator[bytes]) -> str:
    """The SHA-256 of what comes in pieces."""
    whole = hashlib.sha256()
    for chunk in chunks:
        whole.update(chunk)
    return whole.hexdigest()
