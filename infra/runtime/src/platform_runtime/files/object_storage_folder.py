"""A folder in object storage as a place where files land. Its library, pyarrow, is imported where it is used."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, override

from platform_runtime.files.folder import Folder
from platform_runtime.files.landed_file import LandedFile, Listing, by_name, counts_as_landed
from platform_runtime.object_storage import StorageFolder


@dataclass(frozen=True, slots=True)
class ObjectStorageFolder(Folder):
    """A folder in object storage by its URI; credentials are the process's own identity there."""

    uri: str

    @property
    @override
    def location(self) -> str:
        return self.uri

    @override
    def listing(self) -> Listing:
        """What has landed.

        Raises:
            dagster.Failure: when it cannot be listed; its first line says what to do.
        """
        found = (stored for stored in StorageFolder(self.uri).objects() if counts_as_landed(stored.name))
        files = (LandedFile(stored.name, stored.size, _whole_milliseconds(stored.modified_at)) for stored in found)
        return Listing(by_name(files), ())

    @override
    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """An object's bytes, fetched piece by piece.

        Raises:
            dagster.Failure: when it cannot be read; its first line says what to do.
        """
        with StorageFolder(self.uri).opened(name) as content:
            yield content


def _whole_milliseconds(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)
