"""One session with the engine: SQL in, Arrow out."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql.connect.dataframe import DataFrame
from pyspark.sql.connect.session import SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType


class EngineError(Exception):
    """What Spark says is wrong with a statement, without plan and trace."""


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of a statement and their types; no columns where a statement gives no rows."""

    schema: StructType
    rows: pa.Table


class EngineSession:
    """A Spark session of its own, with its own settings, temporary views and current schema."""

    def __init__(self, url: str) -> None:
        # Every refused statement would be logged with its trace; the client gets the message.
        logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
        self._spark = SparkSession(connection=url)

    @property
    def id(self) -> str:
        """The id of the session on the server."""
        return self._spark.session_id

    def run(self, sql: str, tag: str) -> Result:
        """Run a statement and wait for all of its rows.

        Args:
            sql: one statement in Spark's own words.
            tag: what `interrupt` ends it by.

        Raises:
            EngineError: when Spark refuses it, fails, or is interrupted.
        """
        self._spark.addTag(tag)
        try:
            return self._collect(self._spark.sql(sql))
        except PySparkException as error:
            raise EngineError(_message(error)) from error
        finally:
            self._spark.removeTag(tag)

    def read_files(self, form: str, options: Mapping[str, str], paths: Sequence[str]) -> DataFrame:
        """The rows of files, before anything runs."""
        reader = self._spark.read.format(form).options(**options)
        frame = reader.load(list(paths))
        assert isinstance(frame, DataFrame)
        return frame

    def append(
        self, frame: DataFrame, expressions: Sequence[str], table: str, *, note: str, merge_schema: bool, tag: str
    ) -> None:
        """Add what is selected from a frame to a Delta table, columns by name, with a note in the table's history.

        Raises:
            EngineError: as `run` does.
        """
        self._spark.addTag(tag)
        try:
            writer = frame.selectExpr(*expressions).writeTo(table).option("userMetadata", note)
            writer.option("mergeSchema", str(merge_schema).lower()).append()
        except PySparkException as error:
            raise EngineError(_message(error)) from error
        finally:
            self._spark.removeTag(tag)

    def interrupt(self, tag: str) -> None:
        """End what runs under a tag."""
        self._spark.interruptTag(tag)

    def close(self) -> None:
        """Give the session up on both sides."""
        self._spark.client.release_session()
        self._spark.client.close()

    def _collect(self, frame: "DataFrame | object") -> Result:
        assert isinstance(frame, DataFrame)
        # Not toArrow(), which fails on nested columns that are never null, such as those of OPTIMIZE.
        plan = frame._plan.to_proto(self._spark.client)
        schema, tables = StructType([]), list[pa.Table]()
        for part in self._spark.client.to_table_as_iterator(plan, {}):
            if isinstance(part, StructType):
                schema = part
            else:
                tables.append(part)
        empty = to_arrow_schema(schema, timezone="UTC").empty_table()
        return Result(schema, pa.concat_tables(tables) if tables else empty)


def _message(error: PySparkException) -> str:
    text = str(error)
    for end in ("\n\nJVM stacktrace", ";\n"):
        text = text.partition(end)[0]
    return text.strip()
