from abc import ABC, abstractmethod
from collections.abc import Iterable

from snowflake_medallion.landed_file import LandedFile


class Landing(ABC):
    """Where the files of a source arrive, in a folder for each table."""

    @property
    @abstractmethod
    def location(self) -> str:
        """Where a person would look: a path, or a URI."""

    @abstractmethod
    def found(self) -> Iterable[LandedFile]:
        """Every file that is there, in any order; none when nothing has landed yet."""

    def files(self) -> list[LandedFile]:
        """Every file by name; a name that starts with a dot is a file that is still arriving."""
        whole = (file for file in self.found() if not file.name.rpartition("/")[2].startswith("."))
        return sorted(whole, key=lambda file: file.name)
