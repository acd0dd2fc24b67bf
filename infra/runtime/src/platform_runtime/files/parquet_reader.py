import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from platform_runtime.files.columns import check_columns
from platform_runtime.files.csv_structure import LARGEST_ROW_BYTES
from platform_runtime.files.file_format import ParquetFormat
from platform_runtime.files.refusal import Fault

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_BYTES = 1 << 22
_MOST_ROWS = 1 << 16
_LAND_AGAIN = "land the file again, whole"


def parquet_batches(
    content: BinaryIO, file_format: ParquetFormat, columns: Sequence[str]
) -> Iterator["pa.RecordBatch"]:
    """The rows of a Parquet file, columns in the declared order, their types as far as all engines share them.

    Integers are `int64`, decimals and dates what they are, times of day text, timestamps in microseconds, those with a
    zone in UTC, what is nested JSON.

    Raises:
        Fault: when it is no Parquet, has other columns or a type that no engine keeps; what was given until then is to
            be thrown away.
    """
    import pyarrow as pa  # noqa: PLC0415 - a third of a second, only where there is something to read
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = 0
    try:
        file = pq.ParquetFile(content, buffer_size=_BATCH_BYTES, pre_buffer=False, page_checksum_verification=True)
        check_columns("its schema", file.schema_arrow.names, columns, "")
        schema = pa.schema([(name, _kept_type(file.schema_arrow.field(name))) for name in columns])
        for batch in file.iter_batches(_rows_at_once(file.metadata), columns=list(columns), use_threads=False):
            kept = [_kept(batch.column(name), schema.field(name)) for name in columns]
            rows += batch.num_rows
            yield pa.RecordBatch.from_arrays(kept, schema=schema)
    except (pa.ArrowException, OSError) as error:
        # Its own words may quote a value.
        raise Fault(
            f"after row {rows}" if rows else "", f"Parquet cannot be read ({_kind(error)})", _LAND_AGAIN
        ) from None
    if file_format.may_be_empty and not rows:
        yield pa.RecordBatch.from_pylist([], schema=schema)
    elif not rows:
        raise Fault("", "the file has no row", "land it again with its rows, or take it away")


def _kind(error: Exception) -> str:
    return type(error).__name__


def _rows_at_once(metadata: Any) -> int:  # noqa: ANN401 - pyarrow has no types of its own
    size = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    average = max(size // max(metadata.num_rows, 1), 1)
    return max(min(_BATCH_BYTES // average, _MOST_ROWS), 1)


def _kept_type(field: "pa.Field") -> "pa.DataType":
    from pyarrow import types  # noqa: PLC0415 - as above

    kind = field.type.value_type if types.is_dictionary(field.type) else field.type
    kept = next((kept for fits, kept in _kept_types(kind) if fits), None)
    if kept is None:
        fault = f"has the type {kind}, which not every engine keeps"
        raise Fault(f"column {field.name!r}", fault, "write it as another type and land the file again")
    return kept


def _kept_types(kind: "pa.DataType") -> Iterator[tuple[bool, "pa.DataType"]]:
    """Whether a type is one of those on the left that are kept as the one on the right."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import types  # noqa: PLC0415

    yield types.is_uint64(kind), pa.decimal128(20, 0)
    yield types.is_integer(kind), pa.int64()
    yield types.is_floating(kind), pa.float64()
    yield types.is_timestamp(kind), pa.timestamp("us", getattr(kind, "tz", None) and "UTC")
    yield types.is_date(kind), pa.date32()
    yield types.is_boolean(kind) or types.is_decimal128(kind), kind
    yield types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind), pa.binary()
    yield types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind), pa.string()
    yield types.is_nested(kind) or types.is_time(kind) or types.is_null(kind), pa.string()


def _kept(values: "pa.Array", field: "pa.Field") -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415 - as above

    if pa.types.is_nested(values.type):
        return pa.array(
            [None if value is None else _json(value, field.name) for value in values.to_pylist()], pa.string()
        )
    try:
        return values.cast(field.type)
    except pa.ArrowInvalid:
        fix = "write it with microseconds and within the range of the type, and land the file again"
        raise Fault(f"column {field.name!r}", f"holds a value that {field.type} cannot keep", fix) from None


def _json(value: object, column: str) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_scalar_text)
    except ValueError:
        fix = "write null instead and land the file again"
        raise Fault(
            f"column {column!r}", "holds within it a number that is none, which JSON does not know", fix
        ) from None
    if len(text) > LARGEST_ROW_BYTES:
        raise Fault(
            f"column {column!r}", f"holds a value longer than {LARGEST_ROW_BYTES >> 20} MiB", "split what it holds"
        )
    return text


def _scalar_text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
