from datetime import datetime

import pyarrow as pa

from databricks_delta.lakehouse.bronze_columns import INGESTED_AT, SOURCE_FILE, SOURCE_MODIFIED_AT, SOURCE_SHA256
from databricks_delta.lakehouse.landing import LandingSource
from databricks_delta.lakehouse.landing_folder import ReadFile
from databricks_delta.lakehouse.months import MONTH_COLUMN, UNREADABLE_MONTH
from databricks_delta.lakehouse.statement import Statement

LANDED = "landing.files"
"""The name under which SQL reads the rows of the landed files."""

_INSTANT = pa.timestamp("us", tz="UTC")


def landed_rows(files: list[ReadFile], ingested_at: datetime) -> pa.Table:
    """The rows of the files as they stand there, each with where it came from; the month is not known yet."""
    return pa.concat_tables([_with_provenance(file, ingested_at) for file in files])


def landed_statement(source: LandingSource) -> Statement:
    """Every landed row with its month, `unreadable` where it has no time."""
    month = f"coalesce(date_format({source.event_time}, 'yyyy-MM'), '{UNREADABLE_MONTH}')"
    return Statement(f"SELECT *, {month} AS {MONTH_COLUMN} FROM {LANDED}", "source.event_time", source.parameters)  # noqa: S608


def _with_provenance(file: ReadFile, ingested_at: datetime) -> pa.Table:
    provenance: dict[str, pa.Scalar] = {
        SOURCE_FILE: pa.scalar(file.file.name),
        SOURCE_SHA256: pa.scalar(file.sha256),
        SOURCE_MODIFIED_AT: pa.scalar(file.file.modified_at, _INSTANT),
        INGESTED_AT: pa.scalar(ingested_at, _INSTANT),
    }
    rows = file.rows
    for name, value in provenance.items():
        rows = rows.append_column(name, pa.repeat(value, rows.num_rows))
    return rows
