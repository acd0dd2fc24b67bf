"""Results that the stand-in makes itself."""

from collections.abc import Sequence

import pyarrow as pa
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from tests.fakes.databricks_sql.engine_session import Result

NOTHING = Result(StructType([]), pa.table({}))


def answer(columns: dict[str, tuple[pa.DataType, Sequence[object]]]) -> Result:
    """A result with the given types and values by column."""
    rows = pa.table({name: pa.array(list(values), kind) for name, (kind, values) in columns.items()})
    schema = from_arrow_schema(rows.schema)
    assert isinstance(schema, StructType)
    return Result(schema, rows)


def names(column: str, values: Sequence[str]) -> Result:
    """A result of one column of text."""
    return answer({column: (pa.string(), values)})
