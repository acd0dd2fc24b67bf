import pyarrow as pa
from platform_runtime.lakehouse.columns import ColumnType, DecimalType

_TYPES = {
    ColumnType.STRING: pa.string(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.INT: pa.int32(),
    ColumnType.BIGINT: pa.int64(),
    ColumnType.DOUBLE: pa.float64(),
    ColumnType.DATE: pa.date32(),
    ColumnType.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    ColumnType.TIMESTAMP_NTZ: pa.timestamp("us"),
    ColumnType.BINARY: pa.binary(),
}


def arrow_type(kind: ColumnType | DecimalType) -> pa.DataType:
    """A column's type in memory and in Parquet."""
    return pa.decimal128(kind.precision, kind.scale) if isinstance(kind, DecimalType) else _TYPES[kind]


def column_type(kind: pa.DataType) -> ColumnType | DecimalType:
    """The type of a column that keeps what the reader gives."""
    if pa.types.is_decimal128(kind):
        return DecimalType(kind.precision, kind.scale)
    return next(known for known, arrow in _TYPES.items() if arrow == kind)
