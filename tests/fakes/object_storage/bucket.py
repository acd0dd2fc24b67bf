import hashlib
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it was put, all of it at once."""

    content: bytes
    etag: str
    modified_at: datetime


class PreconditionFailedError(Exception):
    """The object is not, or is no longer, what the writer said it should be."""


class Bucket:
    """Objects by key, and the uploads that have not come to their end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._objects: dict[str, StoredObject] = {}
        self._uploads: dict[str, dict[int, bytes]] = {}
        self._lock = threading.Lock()

    def put(self, key: str, content: bytes, if_match: str | None, only_if_new: bool) -> StoredObject:
        """Store an object.

        Args:
            key: its key.
            content: its content.
            if_match: the ETag that the present object must have; None for any, or no object.
            only_if_new: whether there must be no present object.

        Raises:
            PreconditionFailedError: when the present object is another, or there is one.
        """
        with self._lock:
            present = self._objects.get(key)
            if (only_if_new and present) or (if_match is not None and (not present or present.etag != if_match)):
                raise PreconditionFailedError(key)
            stored = StoredObject(content, f'"{hashlib.md5(content).hexdigest()}"', datetime.now(UTC))  # noqa: S324
            self._objects[key] = stored
            return stored

    def get(self, key: str) -> StoredObject | None:
        """The object of that key."""
        with self._lock:
            return self._objects.get(key)

    def date(self, prefix: str, moment: datetime) -> None:
        """Let the objects whose keys begin with a prefix have been put there at a moment."""
        with self._lock:
            for key, stored in self._objects.items():
                if key.startswith(prefix):
                    self._objects[key] = replace(stored, modified_at=moment)

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        with self._lock:
            self._objects.pop(key, None)

    def listing(self, prefix: str) -> Mapping[str, StoredObject]:
        """The objects whose keys begin with a prefix, by key, in the order of the keys."""
        with self._lock:
            return {key: self._objects[key] for key in sorted(self._objects) if key.startswith(prefix)}

    def begin_upload(self) -> str:
        """The id of a new upload in parts."""
        upload = uuid.uuid4().hex
        with self._lock:
            self._uploads[upload] = {}
        return upload

    def put_part(self, upload: str, number: int, content: bytes) -> str:
        """Keep a part; its ETag."""
        with self._lock:
            self._uploads[upload][number] = content
        return f'"{hashlib.md5(content).hexdigest()}"'  # noqa: S324 - what an ETag is

    def end_upload(self, upload: str) -> bytes:
        """All parts in order, which are kept no longer."""
        with self._lock:
            parts = self._uploads.pop(upload, {})
        return b"".join(_in_order(parts))


def _in_order(parts: Mapping[int, bytes]) -> Iterator[bytes]:
    for number in sorted(parts):
        yield parts[number]
