from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa
from platform_runtime.files.folder import HashedFile
from platform_runtime.files.refusal import Refusal, RefusedFileError
from platform_runtime.files.row_stream import stamped

from databricks_delta.lakehouse.arrow_types import column_type
from databricks_delta.lakehouse.bronze_columns import INGESTED_AT, SOURCE_FILE, SOURCE_MODIFIED_AT, SOURCE_SHA256
from databricks_delta.lakehouse.landing import LandingSource
from databricks_delta.lakehouse.statement import Statement

LANDED = "landing.files"
"""The name under which SQL reads the rows of the landed files."""


def landed_rows(hashed: HashedFile, source: LandingSource, ingested_at: datetime) -> Iterator[pa.RecordBatch]:
    """The rows of a file as they stand there, each with where it came from; the period is not known yet.

    Raises:
        RefusedFileError: naming the row that is not as it should be.
    """
    instant = pa.timestamp("us", tz="UTC")
    provenance: dict[str, pa.Scalar] = {
        SOURCE_FILE: pa.scalar(hashed.file.name),
        SOURCE_SHA256: pa.scalar(hashed.sha256),
        SOURCE_MODIFIED_AT: pa.scalar(hashed.file.modified_at, instant),
        INGESTED_AT: pa.scalar(ingested_at, instant),
    }
    rows = hashed.batches(source.format, tuple(source.columns))
    return stamped(typed_batches(rows, hashed.file.name, source), provenance, {})


def typed_batches(batches: Iterator[pa.RecordBatch], file: str, source: LandingSource) -> Iterator[pa.RecordBatch]:
    """The rows of a file, whose columns have the types that its source declares.

    Raises:
        RefusedFileError: naming a column that has another, and both types.
    """
    for batch in batches:
        for field in batch.schema:
            found, (_, declared) = column_type(field.type), source.columns[field.name]
            if found != declared:
                fault = f"holds {found}, where {declared} is declared"
                fix = f"declare {field.name}: {{type: {found}}} in defs.yaml, or send the file with {declared}"
                raise RefusedFileError(Refusal(file, f"column {field.name!r}", fault, fix))
        yield batch


def landed_statement(source: LandingSource) -> Statement:
    """Every landed row with its period, `unreadable` where it has no time."""
    period = f"{source.period_of(source.event_time)} AS {source.granularity.column}"
    return Statement(f"SELECT *, {period} FROM {LANDED}", "source.event_time", source.parameters)  # noqa: S608
