"""Results as Databricks sends them over Thrift: Arrow batches, and a table schema beside them."""

from collections.abc import Mapping

import pyarrow as pa
from databricks.sql.thrift_api.TCLIService import ttypes
from pyspark.sql import types as spark

from tests.fakes.databricks_sql.engine_session import Result

SUCCESS = ttypes.TStatus(statusCode=ttypes.TStatusCode.SUCCESS_STATUS)

_Id = ttypes.TTypeId
_TYPE_IDS: Mapping[type[spark.DataType], int] = {
    spark.ArrayType: _Id.ARRAY_TYPE,
    spark.BinaryType: _Id.BINARY_TYPE,
    spark.BooleanType: _Id.BOOLEAN_TYPE,
    spark.ByteType: _Id.TINYINT_TYPE,
    spark.DateType: _Id.DATE_TYPE,
    spark.DecimalType: _Id.DECIMAL_TYPE,
    spark.DoubleType: _Id.DOUBLE_TYPE,
    spark.FloatType: _Id.FLOAT_TYPE,
    spark.IntegerType: _Id.INT_TYPE,
    spark.LongType: _Id.BIGINT_TYPE,
    spark.MapType: _Id.MAP_TYPE,
    spark.NullType: _Id.NULL_TYPE,
    spark.ShortType: _Id.SMALLINT_TYPE,
    spark.StructType: _Id.STRUCT_TYPE,
    spark.TimestampNTZType: _Id.TIMESTAMP_TYPE,
    spark.TimestampType: _Id.TIMESTAMP_TYPE,
}


def metadata(result: Result) -> ttypes.TGetResultSetMetadataResp:
    """The columns of a result."""
    return ttypes.TGetResultSetMetadataResp(
        status=SUCCESS,
        schema=ttypes.TTableSchema(columns=[_column(i, field) for i, field in enumerate(result.schema.fields)]),
        resultFormat=ttypes.TSparkRowSetType.ARROW_BASED_SET,
        lz4Compressed=False,
        arrowSchema=result.rows.schema.serialize().to_pybytes(),
        isStagingOperation=False,
    )


def row_set(first: int, rows: pa.Table) -> ttypes.TRowSet:
    """Rows of a result, the first of which has that number."""
    batches = [
        ttypes.TSparkArrowBatch(batch=batch.serialize().to_pybytes(), rowCount=batch.num_rows)
        for batch in rows.to_batches()
        if batch.num_rows
    ]
    return ttypes.TRowSet(startRowOffset=first, rows=[], arrowBatches=batches)


def _column(index: int, field: spark.StructField) -> ttypes.TColumnDesc:
    # What has no type of its own on the wire, such as an interval, goes as text.
    type_id = _TYPE_IDS.get(type(field.dataType), _Id.STRING_TYPE)
    entry = ttypes.TPrimitiveTypeEntry(type=type_id, typeQualifiers=_qualifiers(field.dataType))
    return ttypes.TColumnDesc(
        columnName=field.name,
        typeDesc=ttypes.TTypeDesc(types=[ttypes.TTypeEntry(primitiveEntry=entry)]),
        position=index + 1,
        comment=field.metadata.get("comment", ""),
    )


def _qualifiers(kind: spark.DataType) -> ttypes.TTypeQualifiers | None:
    if not isinstance(kind, spark.DecimalType):
        return None
    values = {"precision": kind.precision, "scale": kind.scale}
    return ttypes.TTypeQualifiers({name: ttypes.TTypeQualifierValue(i32Value=value) for name, value in values.items()})
