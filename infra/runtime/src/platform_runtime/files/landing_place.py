from abc import ABC, abstractmethod
from pathlib import Path

from platform_runtime.files.content import content_hash


class LandingPlace(ABC):
    """Where a domain's files are put. A file is there whole or not at all: whoever looks meanwhile finds no part."""

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

    @abstractmethod
    def add(self, name: str, file: Path) -> bool:
        """As `put`, unless one of that name is there, whatever it holds; whether anything was written."""

    def replace(self, name: str, file: Path) -> bool:
        """As `put`, unless the same content is there already; whether anything was written."""
        with file.open("rb") as content:
            if self.sha256(name) == content_hash(content):
                return False
        self.put(name, file)
        return True
