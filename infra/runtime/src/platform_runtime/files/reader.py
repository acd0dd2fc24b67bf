"""The one reader of files that landed."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from platform_runtime.files.content import HashedStream, content_hash, unpacked
from platform_runtime.files.csv_reader import csv_batches, csv_header
from platform_runtime.files.file_format import CsvFormat, FileFormat, JsonLinesFormat, compression_of, suffixes
from platform_runtime.files.json_lines_reader import json_lines_batches
from platform_runtime.files.parquet_reader import parquet_batches
from platform_runtime.files.refusal import Fault

if TYPE_CHECKING:
    import pyarrow as pa


def read(
    content: BinaryIO, file: str, sha256: str, file_format: FileFormat, columns: Sequence[str]
) -> Iterator["pa.RecordBatch"]:
    """The rows of a file that landed, piece by piece: memory does not grow with the file.

    CSV and JSON lines give text as it stands; Parquet keeps its types. A file is taken whole or refused whole: the last
    piece has come only when the iterator ends, so write the pieces in one transaction.

    Args:
        content: the file, which can be read from any place.
        file: its name below the folder of its source, which says how it is compressed.
        sha256: its hash, by `content_hash`; bytes that changed since are refused.
        file_format: how it is written.
        columns: what it holds, in the order in which they are given.

    Raises:
        RefusedFileError: naming the file, the row and the fix, and no value.
    """
    try:
        _check_name(file, file_format)
        yield from _batches(content, file, sha256, file_format, columns)
    except Fault as fault:
        raise fault.of(file) from None
    except OSError as error:
        raise unreadable(error).of(file) from None


def columns_of(content: BinaryIO, file: str, file_format: FileFormat) -> tuple[str, ...]:
    """The columns of a CSV file that `read` accepts, in its own order; none of a format that names them by row.

    Args:
        content: the file, which can be read from any place.
        file: its name, which says how it is compressed.
        file_format: how it is written.
    """
    if not isinstance(file_format, CsvFormat):
        return ()
    return csv_header(unpacked(HashedStream(content), compression_of(file)), file_format)


def unreadable(error: OSError) -> Fault:
    """What is wrong with a file that the system does not give."""
    return Fault(
        "", f"the file cannot be read ({error.strerror or type(error).__name__})", "make it readable, or take it away"
    )


def _check_name(file: str, file_format: FileFormat) -> None:
    endings = suffixes(file_format)
    if not file.lower().endswith(endings):
        raise Fault(
            "", f"its name ends in none of {', '.join(endings)}", "rename it, or take it out of the landing folder"
        )


def _batches(
    content: BinaryIO, file: str, sha256: str, file_format: FileFormat, columns: Sequence[str]
) -> Iterator["pa.RecordBatch"]:
    if isinstance(file_format, CsvFormat | JsonLinesFormat):
        stream = HashedStream(content)
        blocks = unpacked(stream, compression_of(file))
        if isinstance(file_format, CsvFormat):
            yield from csv_batches(blocks, file_format, columns)
        else:
            yield from json_lines_batches(blocks, columns)
        read_hash = stream.hash_of_all()
    else:
        yield from parquet_batches(content, file_format, columns)
        read_hash = content_hash(content)
    if read_hash != sha256:
        raise Fault("", "the file was written to while it was read", "load again once it is whole")
