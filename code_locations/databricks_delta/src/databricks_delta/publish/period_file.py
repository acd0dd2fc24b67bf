from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from databricks_delta.lakehouse.arrow_types import arrow_type
from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.table import Column


def write_parquet(file: Path, columns: Iterable[Column], pages: Iterable[list[Row]]) -> int:
    """Write rows as one Parquet file, as they come; the same rows in the same order give the same bytes.

    Args:
        file: where to.
        columns: in order; a column that is never null is required in the file as well.
        pages: the rows, some at a time, each a row group.

    Returns:
        How many rows were written.
    """
    schema = pa.schema([pa.field(column.name, arrow_type(column.type), nullable=column.nullable) for column in columns])
    rows = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for page in pages:
            writer.write_batch(pa.RecordBatch.from_pylist(page, schema=schema))
            rows += len(page)
    return rows
