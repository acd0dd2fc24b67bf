import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from snowflake_medallion.raw_table import RawTable


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file in the landing folder of a source."""

    folder: Path
    path: Path

    @property
    def name(self) -> str:
        """Its path under the source's landing folder: `orders/orders_2018_09.csv.gz`."""
        return self.path.relative_to(self.folder).as_posix()

    @property
    def sha256(self) -> str:
        """The hash of the file as it landed, in hexadecimal."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    @property
    def modified_at(self) -> datetime:
        """When it was last written, UTC."""
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)


def landed_files(folder: Path) -> list[LandedFile]:
    """Every file of a source by name; a name that starts with a dot is a file that is still arriving."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return [LandedFile(folder, path) for path in found]


def files_of(files: Iterable[LandedFile], table: RawTable) -> list[LandedFile]:
    """The files in the folder of a table."""
    return [file for file in files if file.name.startswith(f"{table.name}/")]


def files_of_no_table(files: Iterable[LandedFile], tables: Iterable[RawTable]) -> list[LandedFile]:
    """The files in no table's folder, which no load would ever look at."""
    folders = tuple(f"{table.name}/" for table in tables)
    return [file for file in files if not file.name.startswith(folders)]
