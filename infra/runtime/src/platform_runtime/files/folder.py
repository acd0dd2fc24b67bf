from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from platform_runtime.files.content import content_hash
from platform_runtime.files.file_format import FileFormat
from platform_runtime.files.landed_file import LandedFile, Listing
from platform_runtime.files.reader import read, unreadable
from platform_runtime.files.refusal import Refusal, RefusedFileError

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class HashedFile:
    """A file that landed, open, with the identity of its bytes."""

    file: LandedFile
    sha256: str
    content: BinaryIO

    def batches(self, file_format: FileFormat, columns: Sequence[str]) -> Iterator["pa.RecordBatch"]:
        """Its rows, by `read`.

        Raises:
            RefusedFileError: naming the file, the row and the fix, and no value.
        """
        return read(self.content, self.file.name, self.sha256, file_format, columns)


class Folder(ABC):
    """Where the files of a source arrive."""

    @property
    @abstractmethod
    def location(self) -> str:
        """Where a person would look: a path, or a URI."""

    @abstractmethod
    def listing(self) -> Listing:
        """What has landed, folders within it included; nothing of a folder that is not there. No file is read."""

    @abstractmethod
    def opened(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A file's bytes, which can be read from any place.

        Raises:
            OSError: when it cannot be opened.
        """

    @contextmanager
    def hashed(self, file: LandedFile) -> Iterator[HashedFile]:
        """A file, open, with its hash.

        Raises:
            RefusedFileError: when it cannot be read.
        """
        with ExitStack() as stack:
            try:
                content = stack.enter_context(self.opened(file.name))
                sha256 = content_hash(content)
            except OSError as error:
                raise unreadable(error).of(file.name) from None
            yield HashedFile(file, sha256, content)

    def hash_of(self, file: LandedFile) -> str | Refusal:
        """The SHA-256 of a file, or why it cannot be had."""
        try:
            with self.hashed(file) as hashed:
                return hashed.sha256
        except RefusedFileError as error:
            return error.refusal
