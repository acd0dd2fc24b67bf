from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
from platform_contract.layer import Layer
from platform_runtime.files.folder import HashedFile
from platform_runtime.files.row_stream import RowStream, take_rows

from architecture_patterns.landed import LOADED_AT, with_origin
from architecture_patterns.warehouse.warehouse import QueryResult, Warehouse, WarehouseSession


class DuckDBSession(WarehouseSession):
    """A connection to a DuckDB file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        """Run one statement."""
        self._connection.execute(sql, parameters).fetchall()

    def query(self, sql: str) -> QueryResult:
        """Run one SELECT and fetch all of it."""
        cursor = self._connection.execute(sql)
        return QueryResult(tuple(column[0].lower() for column in cursor.description), cursor.fetchall())

    def insert(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
        """Add rows in one statement, a list for each column: row by row DuckDB is a thousand times slower."""
        lists = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
        by_column = [[row[position] for row in rows] for position in range(len(columns))]
        self.execute(f"insert into {table} ({', '.join(columns)}) select {lists}", by_column)

    def append_file(self, table: str, file: HashedFile, columns: Sequence[str]) -> None:
        """Add a file's rows as they are read."""

        def insert(stream: RowStream) -> None:
            self._connection.register("landed", stream)
            rows = f"select *, now() at time zone 'UTC' as {LOADED_AT} from landed"  # noqa: S608 - own names
            self.execute(f"insert into {table} by name {rows}", [])

        take_rows(with_origin(file, columns), insert)

    def take_turn(self) -> None:
        """Nothing to wait for: a file has one writer, and this is it."""


class DuckDBWarehouse(Warehouse):
    """A DuckDB file with a schema for each layer. It has one writer at a time: steps that use it share a pool."""

    path: str

    def table(self, layer: Layer, name: str) -> str:
        """`<layer>.<name>`."""
        return f"{layer}.{name}"

    @contextmanager
    def session(self, layer: Layer) -> Iterator[WarehouseSession]:
        """A connection to the file; the file and the layer's schema are made when they are not there."""
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(self.path) as connection:
            connection.execute(f"create schema if not exists {layer}")
            yield DuckDBSession(connection)
