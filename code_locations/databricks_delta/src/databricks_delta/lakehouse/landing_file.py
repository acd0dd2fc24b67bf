import csv
import difflib
import gzip
import hashlib
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.csv

_LAND_AGAIN = "Land the file again, whole"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class LandingFileError(Exception):
    """A landing file that cannot be loaded: what is wrong with it, by row or column, and the fix."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem, fix)
        self.problem = problem
        self.fix = fix


def sha256(content: bytes) -> str:
    """The identity of a file's content."""
    return hashlib.sha256(content).hexdigest()


def read_landing_file(name: str, content: bytes, columns: Sequence[str]) -> "pa.Table":
    """The rows of a CSV file, every field as the text that stands there, the columns in the declared order.

    Args:
        name: the file's name; one that ends in `.gz` is decompressed.
        content: the file's bytes.
        columns: the columns that its header must name, in any order.

    Raises:
        LandingFileError: when it is not such a file.
    """
    text = _decompressed(name, content).removeprefix(_BYTE_ORDER_MARK)
    if not text.strip():
        raise LandingFileError("the file is empty", _LAND_AGAIN)
    header = _header(text)
    _check_utf8(text, header)
    _check_header(header, columns)
    table = _parse(text).select(list(columns))
    if not table.num_rows:
        raise LandingFileError("the file is empty: it has a header and no row", _LAND_AGAIN)
    return table


def landing_header(name: str, content: bytes) -> tuple[str, ...]:
    """The columns of a file that `read_landing_file` accepts, in the file's own order."""
    return tuple(_header(_decompressed(name, content).removeprefix(_BYTE_ORDER_MARK)))


def _decompressed(name: str, content: bytes) -> bytes:
    if not name.endswith(".gz") or not content:
        return content
    try:
        return gzip.decompress(content)
    except EOFError:
        raise LandingFileError("the gzip file is truncated, its end is missing", _LAND_AGAIN) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise LandingFileError(f"the file is not gzip, or damaged ({error})", _LAND_AGAIN) from None


def _header(text: bytes) -> list[str]:
    first_line = text.split(b"\n", 1)[0].decode("utf-8", errors="replace")
    return next(csv.reader([first_line.rstrip("\r")]), [])


def _check_utf8(text: bytes, header: Sequence[str]) -> None:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        line_start = text.rfind(b"\n", 0, error.start) + 1
        row = text.count(b"\n", 0, error.start) + 1
        field = text.count(b",", line_start, error.start)
        column = f"column number {field + 1}" if row > 1 and field < len(header) else "the header"
        raise LandingFileError(
            f"row {row}, {column}, is not UTF-8 (byte 0x{text[error.start]:02x})",
            "Save the file as UTF-8 and land it again",
        ) from None


def _check_header(header: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in header]
    extra = [column for column in header if column not in columns]
    repeated = sorted({column for column in columns if header.count(column) > 1})
    faults = [_missing_column(column, missing, header, extra) for column in missing]
    faults += [f"column number {n} is not declared" for n, column in enumerate(header, start=1) if column in extra]
    faults += [f"column {column!r} appears twice" for column in repeated]
    if faults:
        raise LandingFileError(
            "row 1: " + ", ".join(faults),
            f"The columns are {', '.join(columns)}: correct the file's header and land it again, "
            "or declare the change under source.columns of defs.yaml",
        )


def _missing_column(column: str, missing: Sequence[str], header: Sequence[str], extra: Sequence[str]) -> str:
    """Never with the name that stands there: of a file without a header that is a value of its first row."""
    one_for_one = len(missing) == len(extra) == 1
    close = extra if one_for_one else difflib.get_close_matches(column, extra, n=1)
    renamed = f" (is number {header.index(close[0]) + 1} its new name?)" if close else ""
    return f"column {column!r} is missing{renamed}"


def _parse(text: bytes) -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415 - slow, and only needed where there is something new to read
    import pyarrow.csv  # noqa: PLC0415

    ragged: list[pyarrow.csv.InvalidRow] = []

    def keep(row: "pyarrow.csv.InvalidRow") -> str:
        ragged.append(row)
        return "error"

    try:
        return pyarrow.csv.read_csv(
            pa.BufferReader(text),
            # One thread, or a malformed row does not know its number.
            read_options=pyarrow.csv.ReadOptions(use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(invalid_row_handler=keep, newlines_in_values=True),
            convert_options=_all_text(_header(text)),
        )
    except pa.ArrowInvalid:
        # Its own words quote the row.
        raise LandingFileError(_malformed(ragged), "Correct that row and land the file again") from None


def _all_text(header: Sequence[str]) -> "pyarrow.csv.ConvertOptions":
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.csv  # noqa: PLC0415

    types = dict.fromkeys(header, pa.string())
    return pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=False)


def _malformed(ragged: Sequence["pyarrow.csv.InvalidRow"]) -> str:
    if not ragged:
        return "not CSV, such as one with a quote that is never closed"
    row = ragged[0]
    return f"row {row.number} has {row.actual_columns} fields, the header has {row.expected_columns}"
