from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import BinaryIO

from platform_runtime.files.content import content_hash
from platform_runtime.files.landed_file import Listing
from platform_runtime.files.reader import unreadable
from platform_runtime.files.refusal import Refusal


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

    def hash_of(self, name: str) -> str | Refusal:
        """The SHA-256 of a file, or why it cannot be had."""
        try:
            with self.opened(name) as content:
                return content_hash(content)
        except OSError as error:
            return unreadable(error).of(name).refusal
