from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from platform_runtime.lakehouse.columns import ColumnType

from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.table import Column

_TYPES = {
    ColumnType.STRING: pa.string(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.INT: pa.int32(),
    ColumnType.BIGINT: pa.int64(),
    ColumnType.DOUBLE: pa.float64(),
    ColumnType.DATE: pa.date32(),
    ColumnType.TIMESTAMP: pa.timestamp("us", tz="UTC"),
}


def write_parquet(file: Path, columns: Iterable[Column], pages: Iterable[list[Row]]) -> int:
    """Write rows as one Parquet file, as they come; the same rows in the same order give the same bytes.

    Args:
        file: where to.
        columns: in order; a column that is never null is required in the file as well.
        pages: the rows, some at a time, each a row group.

    Returns:
        How many rows were written.
    """
    schema = pa.schema([pa.field(column.name, _TYPES[column.type], nullable=column.nullable) for column in columns])
    rows = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for page in pages:
            writer.write_batch(pa.RecordBatch.from_pylist(page, schema=schema))
            rows += len(page)
    return rows
