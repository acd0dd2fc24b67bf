import csv
import gzip
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from zlib import error as ZlibError  # noqa: N812 - the class is named so


class LandedFileError(ValueError):
    """A landed file that cannot be read; the message names the file, where in it, and the fix."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a landed file: where it stands (the header is line 1) and its values as text, by column."""

    file: str
    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A CSV file with a header, plain or gzipped, as it arrived. `path` is where this process can read it."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes: what tells a new file from one that was loaded before."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def header(self, expected: Sequence[str]) -> list[str]:
        """The columns in the file's own order.

        Raises:
            LandedFileError: when the file cannot be read or its columns are not the expected ones.
        """
        with self._open() as text:
            return self._checked_header(csv.reader(text), expected)

    def rows(self, expected: Sequence[str]) -> Iterator[SourceRow]:
        """The rows in the file's order.

        Raises:
            LandedFileError: when the file cannot be read to its end, its columns are not the expected ones, or a row
                is not UTF-8 or has more or fewer fields than the header.
        """
        with self._open() as text:
            reader = csv.reader(text, strict=True)
            header = self._checked_header(reader, expected)
            for fields in self._readable(reader):
                yield self._row(header, fields, reader.line_num)

    def _row(self, header: list[str], fields: list[str], line: int) -> SourceRow:
        if len(fields) != len(header):
            raise LandedFileError(
                f"{self.path}, line {line}: {len(fields)} fields where the header has {len(header)}: "
                "mend the line, or have the file sent again"
            )
        if not _is_text(fields):
            raise LandedFileError(f"{self.path}, line {line}: not UTF-8: have the file sent again, as CSV in UTF-8")
        return SourceRow(self.name, line, dict(zip(header, fields, strict=True)))

    def _checked_header(self, reader: Iterator[list[str]], expected: Sequence[str]) -> list[str]:
        header = next(self._readable(reader), [])
        missing = [column for column in expected if column not in header]
        unexpected = [column for column in header if column not in expected]
        if missing or unexpected or len(header) != len(expected):
            raise LandedFileError(
                f"{self.path}: its header is {header}, but it should be {list(expected)} "
                f"(missing: {missing}, unexpected: {unexpected}): "
                "have the file sent again, or change what the pipeline expects"
            )
        return header

    def _readable(self, reader: Iterator[list[str]]) -> Iterator[list[str]]:
        try:
            yield from reader
        except (OSError, EOFError, ZlibError, csv.Error) as error:
            raise LandedFileError(
                f"{self.path} cannot be read to its end ({error}): have it sent again, as CSV in UTF-8, plain or gzip"
            ) from error

    def _open(self) -> TextIO:
        # Bytes that are no UTF-8 come through as surrogates, so that the line they stand in can be named.
        if self.path.suffix == ".gz":
            return gzip.open(self.path, mode="rt", encoding="utf-8", errors="surrogateescape", newline="")
        return self.path.open(encoding="utf-8", errors="surrogateescape", newline="")


def _is_text(fields: Sequence[str]) -> bool:
    return not any("\ud800" <= character <= "\udfff" for field in fields if not field.isascii() for character in field)
