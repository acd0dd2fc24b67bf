import csv
import difflib
import gzip
import io
import zlib
from pathlib import Path

from snowflake_medallion.raw_table import RawTable
from snowflake_medallion.refused_file import RefusedFileError


def read_rows(path: Path, table: RawTable) -> list[list[str]]:
    """The rows of a CSV file, plain or gzipped, in the column order of the table and otherwise untouched.

    Raises:
        RefusedFileError: when any of it is not as the table expects; a file is taken whole or not at all.
    """
    lines = _lines(_text(path))
    if not lines:
        raise RefusedFileError("the file is empty; send it again with its header and rows")
    header, *rows = lines
    positions = _positions(header, table)
    _refuse_ragged(rows, len(header))
    return [[row[position] for position in positions] for row in rows]


def _lines(text: str) -> list[list[str]]:
    """The header and the rows; blank lines are none."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [line for line in reader if line]
    except csv.Error as error:
        raise RefusedFileError(f"line {reader.line_num} is not CSV ({error}); mend its quotes") from None


def _text(path: Path) -> str:
    content = _content(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RefusedFileError(
            f"line {line} is not UTF-8 (byte 0x{content[error.start]:02x}); save the file as UTF-8"
        ) from None


def _content(path: Path) -> bytes:
    if path.suffixes[-2:] == [".csv", ".gz"]:
        return _decompress(path.read_bytes())
    if path.suffix == ".csv":
        return path.read_bytes()
    raise RefusedFileError("the name ends in neither .csv nor .csv.gz; rename it, or move it out of the landing folder")


def _decompress(compressed: bytes) -> bytes:
    if not compressed:
        return b""
    try:
        return gzip.decompress(compressed)
    except EOFError:
        raise RefusedFileError("the gzip is truncated; send the file again") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise RefusedFileError(f"the gzip is damaged ({error}); send the file again") from None


def _positions(header: list[str], table: RawTable) -> list[int]:
    faults = [
        *(f"column {name!r} is missing" for name in table.columns if name not in header),
        *(_unexpected(number, header, table) for number, name in enumerate(header) if name not in table.columns),
        *(f"column {name!r} is there twice" for name in table.columns if header.count(name) > 1),
    ]
    if faults:
        expected = ", ".join(table.columns)
        raise RefusedFileError(f"{'; '.join(faults)}; send it with exactly the columns {expected}")
    return [header.index(name) for name in table.columns]


def _unexpected(number: int, header: list[str], table: RawTable) -> str:
    """Which column it is, never its name: of a file without a header that is a value of its first row."""
    lacking = [column for column in table.columns if column not in header]
    near = difflib.get_close_matches(header[number], lacking, n=1)
    return f"column number {number + 1} is unexpected{f', was {near[0]!r} renamed?' if near else ''}"


def _refuse_ragged(rows: list[list[str]], width: int) -> None:
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise RefusedFileError(f"row {number} has {len(row)} fields instead of {width}; quote or complete it")
