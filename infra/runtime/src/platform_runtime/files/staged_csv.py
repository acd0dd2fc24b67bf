"""A file as a warehouse takes it that copies files in: judged by the one reader, whatever it was before.

Snowflake would read Parquet and JSON lines itself, and most CSV. It does not refuse what the reader refuses, though,
has types of its own for both, and knows no row's number in its file; so all formats are staged in one dialect, for
which one COPY INTO is written and proven.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

COPY_FORMAT = (
    "type = csv skip_header = 1 field_optionally_enclosed_by = '\"' empty_field_as_null = true"
    " null_if = () escape_unenclosed_field = none"
)
"""Snowflake's words for it. Text stays as it is: by default a backslash would escape, and `\\\\N` be null."""


def write_staged(batches: Iterator["pa.RecordBatch"], path: Path) -> int:
    """Write rows as CSV, gzipped: every value quoted, null an empty field; the bytes follow from the rows alone.

    Returns:
        How many rows were written.

    Raises:
        RefusedFileError: when the rows come from a file that is not as it should be; remove what was written.
    """
    from pyarrow import csv  # noqa: PLC0415 - a third of a second, only where there is something to read

    rows = 0
    first = next(batches)
    with (
        path.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=file, mtime=0) as packed,
        csv.CSVWriter(packed, _text(first).schema, write_options=csv.WriteOptions(quoting_style="all_valid")) as writer,
    ):
        batch: pa.RecordBatch | None = first
        while batch is not None:
            writer.write_batch(_text(batch))
            rows += batch.num_rows
            batch = next(batches, None)
    return rows


def _text(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    """The same with binary values in hexadecimal, which no text holds otherwise."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    columns = [_hexadecimal(column) if pa.types.is_binary(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _hexadecimal(values: "pa.Array") -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415 - as above

    return pa.array([None if value is None else value.hex() for value in values.to_pylist()], pa.string())
