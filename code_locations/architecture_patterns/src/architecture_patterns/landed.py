"""What has landed for the patterns: the sources that they read, as CSV with a header."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from platform_runtime.files.file_format import CsvFormat, matches, suffixes
from platform_runtime.files.folder import Folder, HashedFile
from platform_runtime.files.landed_file import LandedFile
from platform_runtime.files.landing import Landing
from platform_runtime.files.refusal import Refusal, RefusedFileError, RefusedFilesError
from platform_runtime.files.row_stream import stamped

if TYPE_CHECKING:
    import pyarrow as pa

WEATHER_SOURCE = "weather"
"""The folder under landing that holds hourly weather readings, a file a month."""

WEATHER_COLUMNS = (
    *("origin", "year", "month", "day", "hour", "temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust"),
    *("precip", "pressure", "visib", "time_hour"),
)
"""Their columns; `NA` is a missing reading, `time_hour` is UTC, `temp` is in degrees Fahrenheit."""

LOADED_AT = "_loaded_at"
ORIGIN_COLUMNS = {
    "_source_file": "varchar",
    "_source_sha256": "varchar",
    "_source_line": "integer",
    LOADED_AT: "datetime",
}
"""What is added to every row: the file, the hash of its bytes, the line, and when (UTC) it was loaded."""

_FIRST_LINE = 2
"""Of a file's rows, its header being the first line; no field of these sources holds a line end."""

_CSV = CsvFormat(delimiter=",", quote='"', encoding="utf-8", null_tokens=("",), decimal_comma=())
_PATTERNS = tuple(f"*{suffix}" for suffix in suffixes(_CSV))


class EmptyLandingError(ValueError):
    """Nothing has landed for a source; the message names the folder and the command that fills it."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a landed file: where it stands (the header is line 1) and its values as text, by column."""

    file: str
    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source where it has landed."""

    folder: Folder
    file: LandedFile

    def opened(self) -> AbstractContextManager[HashedFile]:
        """The file, open, with its hash.

        Raises:
            RefusedFileError: when it cannot be read.
        """
        return self.folder.hashed(self.file)

    def rows(self, columns: Sequence[str]) -> Iterator[SourceRow]:
        """The rows in the file's order.

        Raises:
            RefusedFileError: naming the row that is not as it should be; forget the rows before it.
        """
        line = _FIRST_LINE
        with self.opened() as hashed:
            for batch in hashed.batches(_CSV, columns):
                for values in batch.to_pylist():
                    yield SourceRow(self.file.name, line, {name: value or "" for name, value in values.items()})
                    line += 1


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """What lies in the folder of a source: CSV files by name, and what is no file."""

    location: str
    files: tuple[SourceFile, ...]
    refused: tuple[Refusal, ...]

    def all_of_them(self) -> tuple[SourceFile, ...]:
        """The files, for whoever takes all of them or none.

        Raises:
            RefusedFilesError: naming what lies there and is no file.
        """
        if self.refused:
            raise RefusedFilesError(self.location, self.refused)
        return self.files

    def each_by_itself(self, load: Callable[[SourceFile], None]) -> None:
        """Load files, of which one that is refused keeps no other out.

        Raises:
            RefusedFilesError: naming everything that was refused, once all else is loaded.
        """
        refused = list(self.refused)
        for file in self.files:
            try:
                load(file)
            except RefusedFileError as error:
                refused.append(error.refusal)
        if refused:
            raise RefusedFilesError(self.location, refused)


def source_files(landing: Landing, source: str) -> SourceFiles:
    """The CSV files of a source.

    Raises:
        EmptyLandingError: when nothing is there.
    """
    folder = landing.folder(source)
    listing = folder.listing()
    files = tuple(SourceFile(folder, file) for file in listing.files if matches(file.name, _PATTERNS))
    if not files and not listing.refused:
        raise EmptyLandingError(
            f"no CSV file in {folder.location}: run `make land` to copy the sample data there, or put files of your own"
        )
    return SourceFiles(folder.location, files, listing.refused)


def with_origin(hashed: HashedFile, columns: Sequence[str]) -> Iterator["pa.RecordBatch"]:
    """The rows of a file as text with `ORIGIN_COLUMNS`, all but the time of the load, which is the store's to add.

    Raises:
        RefusedFileError: naming the row that is not as it should be.
    """
    import pyarrow as pa  # noqa: PLC0415 - a third of a second, only where there is something to read

    constants = {"_source_file": pa.scalar(hashed.file.name), "_source_sha256": pa.scalar(hashed.sha256)}
    return stamped(hashed.batches(_CSV, columns), constants, {"_source_line": _FIRST_LINE})
