import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from platform_runtime.files.row_stream import RowStream
from platform_runtime.lakehouse.granularity import Granularity
from platform_runtime.marks.engine_words import duckdb_error_words
from sqlglot import exp

from databricks_delta.lakehouse.arrow_stream import ArrowStream
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.lakehouse import ROWS_AT_ONCE, Row
from databricks_delta.lakehouse.statement import DIALECT, Statement
from databricks_delta.lakehouse.table import LakehouseTable

_RESULT = "result"
_ROWS_OF_A_PIECE = 1 << 14

if TYPE_CHECKING:
    import pyarrow as pa


class Memory(StrEnum):
    """How much of it a session may take; what goes beyond is spilled, if it can be."""

    OF_A_LOAD = "192MB"
    """Rows are taken in as they come and sorted, both of which spill: more of them take no more memory."""

    OF_A_QUERY = "80%"
    """Of this machine's: what a SELECT asks for cannot all be spilled."""


class DuckdbSession:
    """A DuckDB connection in memory that runs Databricks SQL over streams of Arrow data."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def expose(self, full_name: str, stream: ArrowStream | RowStream) -> None:
        """Let SQL read a stream under a name of two parts, instead of what that name meant before."""
        schema, name = full_name.split(".")
        self._connection.register(full_name, stream)
        self._connection.execute(f'create schema if not exists "{schema}"')
        self._connection.execute(f'create or replace view "{schema}"."{name}" as from "{full_name}"')

    def rows(self, statement: Statement) -> list[Row]:
        """The rows that a statement selects.

        Raises:
            LakehouseError: when it fails; names the file that it came from.
        """
        with _reported(statement):
            relation = self._connection.sql(statement.duckdb_sql, params=statement.bound_parameters)
            return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    def pages(self, statement: Statement) -> Iterator[list[Row]]:
        """The rows that a statement selects, some at a time.

        Raises:
            LakehouseError: when it fails; names the file that it came from.
        """
        with _reported(statement):
            answer = self._connection.execute(statement.duckdb_sql, statement.bound_parameters)
            columns = [column[0] for column in answer.description or ()]
            while page := answer.fetchmany(ROWS_AT_ONCE):
                yield [dict(zip(columns, row, strict=True)) for row in page]

    def compute(self, statement: Statement, table: LakehouseTable) -> None:
        """Keep what the statement selects, in the types that the table declares, beside what was kept before.

        What is larger than memory spills to disk.

        Raises:
            LakehouseError: when it fails, or selects other columns than the table declares.
        """
        with _reported(statement):
            relation = self._connection.sql(statement.duckdb_sql, params=statement.bound_parameters)
            _check_columns(relation.columns, statement, table)
            casts = ", ".join(f'cast("{c.name}" as {_duckdb_type(c.type.value)}) as "{c.name}"' for c in table.columns)
            into = f"insert into {_RESULT}" if self._has_result() else f"create temp table {_RESULT} as"
            selected = f"select {casts} from ({statement.duckdb_sql})"  # noqa: S608 - own names
            self._connection.execute(f"{into} {selected}", statement.bound_parameters)

    def _has_result(self) -> bool:
        found = self._connection.execute("select 1 from duckdb_tables() where table_name = ?", [_RESULT])
        return bool(found.fetchall())

    def computed(self, columns: list[str], order: tuple[str, ...]) -> "pa.RecordBatchReader":
        """What was kept, those columns of it, in that order of rows, piece by piece."""
        selected = ", ".join(f'"{column}"' for column in columns)
        ordered = "order by " + ", ".join(f'"{column}"' for column in order) if order else ""
        asked = f"select {selected} from {_RESULT} {ordered}"  # noqa: S608
        return self._connection.sql(asked).to_arrow_reader(_ROWS_OF_A_PIECE)

    def computed_by_period(self, granularity: Granularity) -> dict[str, int]:
        """How many rows were kept, by period."""
        counts = self._connection.sql(f"select {granularity.column}, count(*) from {_RESULT} group by all order by all")  # noqa: S608
        return dict(counts.fetchall())


@contextmanager
def duckdb_session(scratch: Path, memory: Memory) -> Iterator[DuckdbSession]:
    """A session whose times are UTC and whose spill files are gone when it ends.

    Args:
        scratch: the folder under which it may spill.
        memory: how much it may take before it does.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=scratch, prefix="duckdb-") as folder,
        duckdb.connect(
            config={
                "TimeZone": "UTC",
                "temp_directory": folder,
                "autoinstall_known_extensions": False,
                "memory_limit": memory.value,
            }
        ) as connection,
    ):
        yield DuckdbSession(connection)


@contextmanager
def _reported(statement: Statement) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        # As a cause it would go to the event log, with the row that it may quote.
        raise LakehouseError(f"{statement.origin}: {duckdb_error_words(error)}") from None


def _check_columns(selected: list[str], statement: Statement, table: LakehouseTable) -> None:
    lacking = [name for name in table.column_names if name not in selected]
    unknown = [name for name in selected if name not in table.column_names]
    if lacking or unknown:
        raise LakehouseError(
            f"{statement.origin} does not select what {table.full_name} declares: "
            f"lacking {', '.join(lacking) or 'nothing'}, undeclared {', '.join(unknown) or 'nothing'}; "
            "change the SELECT or the columns in defs.yaml"
        )


def _duckdb_type(name: str) -> str:
    return exp.DataType.build(name, dialect=DIALECT).sql(dialect="duckdb")
