from collections.abc import Mapping
from dataclasses import replace

from platform_runtime.lakehouse.columns import ColumnType, DecimalType
from platform_runtime.lakehouse.granularity import Granularity

from databricks_delta.lakehouse.table import Column, period_column

SOURCE_FILE = "_source_file"
SOURCE_SHA256 = "_source_sha256"
SOURCE_MODIFIED_AT = "_source_modified_at"
INGESTED_AT = "_ingested_at"
REJECTION_REASON = "_rejection_reason"

_PROVENANCE = (
    Column(SOURCE_FILE, ColumnType.STRING, "Name of the landing file", nullable=False),
    Column(
        SOURCE_SHA256, ColumnType.STRING, "SHA-256 of the landing file, the identity of its content", nullable=False
    ),
    Column(SOURCE_MODIFIED_AT, ColumnType.TIMESTAMP, "When the landing file was last modified", nullable=False),
    Column(INGESTED_AT, ColumnType.TIMESTAMP, "When the row was loaded", nullable=False),
)
_REASON = Column(REJECTION_REASON, ColumnType.STRING, "Every rule that the row breaks", nullable=False)


type SourceColumns = Mapping[str, tuple[str, ColumnType | DecimalType]]


def bronze_columns(source_columns: SourceColumns, granularity: Granularity) -> tuple[Column, ...]:
    """Every source column, null where the files say so, then where and when the row came from.

    Args:
        source_columns: description and type by column name, in the order of the files.
        granularity: how long a period is.
    """
    arrived = (Column(name, kind, about, nullable=True) for name, (about, kind) in source_columns.items())
    period = period_column(granularity)
    about = f"{period.description}; `unreadable` where the row's time is"
    return (*arrived, *_PROVENANCE, replace(period, description=about))


def rejected_columns(source_columns: SourceColumns, granularity: Granularity) -> tuple[Column, ...]:
    """A bronze row whole, and why it was rejected."""
    *row, period = bronze_columns(source_columns, granularity)
    return (*row, _REASON, period)
