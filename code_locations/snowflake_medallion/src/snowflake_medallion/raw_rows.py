from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from platform_runtime.files.folder import HashedFile
from platform_runtime.files.refusal import Refusal, RefusedFileError
from platform_runtime.files.row_stream import stamped

from snowflake_medallion.raw_table import RawTable

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class RawRows:
    """A file that landed, and the raw table that it is for."""

    table: RawTable
    hashed: HashedFile

    def batches(self) -> Iterator["pa.RecordBatch"]:
        """Its rows with where they come from, in the order of `staged_types`; the load's time is the store's to add.

        Raises:
            RefusedFileError: naming the row or column that is not as the table expects, and no value.
        """
        import pyarrow as pa  # noqa: PLC0415 - a third of a second, only where there is something to load

        file = self.hashed.file
        origin = {
            "_source_file": pa.scalar(file.name),
            "_source_sha256": pa.scalar(self.hashed.sha256),
            # UTC without a zone, as the column holds it.
            "_source_modified_at": pa.scalar(file.modified_at.astimezone(UTC).replace(tzinfo=None), pa.timestamp("us")),
        }
        rows = self.hashed.batches(self.table.format, self.table.columns)
        for batch in stamped(map(self._declared, rows), origin, {"_source_row": 1}):
            yield batch.select(list(self.table.staged_types))

    def _declared(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        """The batch, if its columns have the types of the table, times in UTC."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        columns = [self._in_utc(column) for column in batch.columns]
        for name, column in zip(batch.schema.names, columns, strict=True):
            found, declared = sql_type(column.type), self.table.staged_types[name]
            if found != declared:
                fix = f"declare types: {{{name}: {found}}} in defs.yaml, or send the file with {declared}"
                fault = f"holds {found} where the table has {declared}"
                raise RefusedFileError(Refusal(self.hashed.file.name, f"column {name!r}", fault, fix))
        return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)

    def _in_utc(self, column: "pa.Array") -> "pa.Array":
        import pyarrow as pa  # noqa: PLC0415 - as above

        zoned = pa.types.is_timestamp(column.type) and column.type.tz is not None
        return column.cast(pa.timestamp("us")) if zoned else column


def sql_type(kind: "pa.DataType") -> str:
    """The type of a raw column that keeps what the reader gives."""
    from pyarrow import types  # noqa: PLC0415 - as above

    if types.is_decimal(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    known = {
        "string": "varchar",
        "int64": "bigint",
        "double": "double",
        "bool": "boolean",
        "date32[day]": "date",
        "timestamp[us]": "datetime",
        "binary": "binary",
    }
    return known[str(kind)]
