import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from snowflake_medallion.raw_table import RawTable


class LandedFile(ABC):
    """A file of a source where it has landed."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Its path under the source's landing folder: `orders/orders_2018_09.csv.gz`."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many bytes it has."""

    @property
    @abstractmethod
    def modified_at(self) -> datetime:
        """When it was last written, UTC."""

    @abstractmethod
    def opened(self) -> AbstractContextManager[Path]:
        """Where this machine can read it, until the block is left."""


def content_hash(path: Path) -> str:
    """The hash of a file as it landed, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_of(files: Iterable[LandedFile], table: RawTable) -> list[LandedFile]:
    """The files in the folder of a table."""
    return [file for file in files if file.name.startswith(f"{table.folder}/")]


def files_of_no_table(files: Iterable[LandedFile], tables: Iterable[RawTable]) -> list[LandedFile]:
    """The files in no table's folder, which no load would ever look at."""
    folders = tuple(f"{table.folder}/" for table in tables)
    return [file for file in files if not file.name.startswith(folders)]
