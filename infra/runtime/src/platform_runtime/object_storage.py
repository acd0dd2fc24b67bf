"""A folder in object storage. Its library, pyarrow, is imported where it is used."""

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from errno import ENOENT
from operator import attrgetter
from os import strerror
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, override

import dagster as dg
from platform_contract.environment_variables import EnvironmentVariable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from pyarrow import NativeFile

_CHUNK_BYTES = 1 << 20
_URI = EnvironmentVariable.PLATFORM_STORAGE_URI
_NO_BUCKET = "NoSuchBucket"

# By signs in what object storage says, each a part of a regular expression; the first that fits counts.
_REMEDIES = {
    f"NO_SUCH_BUCKET|{_NO_BUCKET}|ContainerNotFound|[Bb]ucket does not exist": (
        f"there is no such bucket: create the one that {_URI} names, or set the URI of the one that is there"
    ),
    "PERMANENT_REDIRECT|PermanentRedirect|AuthorizationHeaderMalformed|status 301": (
        "the bucket is in another region: set AWS_REGION to it"
    ),
    "ACCESS_DENIED|ACCESS_KEY|SIGNATURE|TOKEN|CLIENT_ID|CREDENTIAL|AccessDenied|PERMISSION_DENIED|Permission denied"
    "|UNAUTHENTICATED|AuthenticationFailed|Authorization|status:? (code:? )?40[13]|Forbidden|Unauthorized": (
        f"object storage refuses this process: let the identity that it runs as list and read the folder in {_URI}, "
        "and write there too where it lands files, or give it credentials that are valid now"
    ),
    "No space left": "this machine's disk is full: make room, then run again",
    "does not exist|No such file|NotFound|NO_SUCH_KEY": (
        "an object was taken away before it was read: run again, or put it back"
    ),
    "NETWORK_CONNECTION|curlCode|[Cc]ould(n't| not) (connect|resolve)|timed? ?out|TIMEOUT|UNAVAILABLE|SLOW_DOWN"
    "|INTERNAL_FAILURE|[Cc]onnection (refused|reset|aborted)": (
        f"object storage cannot be reached: check the network and {_URI}, then run again; what was loaded stays and is "
        "not loaded twice"
    ),
}
_UNKNOWN = "object storage refused what was asked for the reason below: mend it there, then run again"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as its folder lists it: the name below the folder, the size in bytes, when it was put there, UTC."""

    name: str
    size: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class StorageFolder:
    """A folder in object storage by its URI; credentials are the process's own identity there."""

    uri: str

    def objects(self) -> list[StoredObject]:
        """All objects below the folder, by name; none where there is no such folder in the bucket.

        Raises:
            dagster.Failure: when they cannot be listed; its first line says what to do.
        """
        from pyarrow import fs  # noqa: PLC0415 - a third of a second that the laptop never needs

        with explained_storage_failures(f"listing {self.uri}"):
            storage, folder = fs.FileSystem.from_uri(self.uri)
            found = storage.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True))
        if not found:
            self._refuse_missing_bucket()
        files = (info for info in found if info.type is fs.FileType.File)
        objects = (StoredObject(info.path.removeprefix(f"{folder}/"), info.size, info.mtime) for info in files)
        return sorted(objects, key=attrgetter("name"))

    def fetch(self, name: str, destination: Path) -> None:
        """Copy an object to a file of this machine, piece by piece; its folder must be there.

        Raises:
            dagster.Failure: when it cannot be read to its end; its first line says what to do.
        """
        from pyarrow import fs  # noqa: PLC0415 - as above

        with explained_storage_failures(f"fetching {self.uri}/{name}"):
            storage, folder = fs.FileSystem.from_uri(self.uri)
            # Without `compression` it would unpack what is named *.gz.
            with (
                storage.open_input_stream(f"{folder}/{name}", compression=None) as stream,
                destination.open("wb") as file,
            ):
                shutil.copyfileobj(stream, file, _CHUNK_BYTES)

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """An object's bytes, fetched as they are read, from any place.

        Raises:
            FileNotFoundError: when there is no such object any more.
            dagster.Failure: when it cannot be read; its first line says what to do.
        """
        from pyarrow import fs  # noqa: PLC0415 - as above

        doing = f"reading {self.uri}/{name}"
        with _explained_but_for_missing_objects(doing):
            storage, folder = fs.FileSystem.from_uri(self.uri)
            stored = storage.open_input_file(f"{folder}/{name}")
        with stored:
            yield io.BufferedReader(_StoredStream(stored, doing), _CHUNK_BYTES)

    def _refuse_missing_bucket(self) -> None:
        """Tell nothing landed from nowhere to land: an S3 listing of a missing bucket is as empty."""
        from pyarrow import fs  # noqa: PLC0415 - as above

        storage, folder = fs.FileSystem.from_uri(self.uri)
        bucket = folder.partition("/")[0]
        try:
            missing = bool(bucket) and storage.get_file_info(bucket).type is fs.FileType.NotFound
        except OSError:
            # Whoever may list a folder need not be let to look at the bucket.
            missing = False
        if missing:
            raise storage_failure(f"listing {self.uri}", _NO_BUCKET)


class _StoredStream(io.RawIOBase):
    """An open object, whose failures say what to do."""

    def __init__(self, stored: "NativeFile", doing: str) -> None:
        super().__init__()
        self._stored = stored
        self._doing = doing

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        with explained_storage_failures(self._doing):
            return self._stored.seek(offset, whence)

    @override
    def tell(self) -> int:
        return self._stored.tell()

    @override
    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        with explained_storage_failures(self._doing):
            return self._stored.readinto(buffer)


@contextmanager
def _explained_but_for_missing_objects(doing: str) -> Iterator[None]:
    try:
        with explained_storage_failures(doing):
            yield
    except dg.Failure as failure:
        if isinstance(failure.__cause__, FileNotFoundError):
            raise FileNotFoundError(ENOENT, strerror(ENOENT)) from None
        raise


@contextmanager
def explained_storage_failures(doing: str) -> Iterator[None]:
    """Let what pyarrow raises in the block be a failure that says what to do.

    Raises:
        dagster.Failure: for any error of object storage.
    """
    from pyarrow import ArrowException  # noqa: PLC0415 - as above

    try:
        yield
    except (OSError, ArrowException) as error:
        raise storage_failure(doing, str(error)) from error


def storage_failure(doing: str, said: str) -> dg.Failure:
    """The failure of a step whose first line says what to do.

    Args:
        doing: what failed, such as `listing s3://…`.
        said: object storage's own words.
    """
    remedy = next((text for signs, text in _REMEDIES.items() if re.search(signs, said)), _UNKNOWN)
    return dg.Failure(f"{remedy}\n\n{doing} failed:\n{said}", allow_retries=False)
