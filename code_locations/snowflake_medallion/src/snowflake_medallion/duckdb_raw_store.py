from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import override

import duckdb
from platform_runtime.files.row_stream import RowStream, take_rows
from platform_runtime.marks.discreet_duckdb import discreet_duckdb

from snowflake_medallion.duckdb_access import connect_to_read, connect_to_write
from snowflake_medallion.raw_rows import RawRows
from snowflake_medallion.raw_store import RawSession, RawStore
from snowflake_medallion.raw_table import LOADED_AT, RawTable, Versions


class DuckDBRawStore(RawStore):
    """Raw tables in a schema of a DuckDB file."""

    database: str
    schema_name: str
    patience_seconds: float

    @override
    def loaded(self, tables: Iterable[RawTable]) -> set[str]:
        """Read what the file holds, if there is one.

        Raises:
            DatabaseBusyError: when another process keeps it open.
        """
        if not Path(self.database).is_file():
            return set()
        with connect_to_read(Path(self.database), self.patience_seconds) as connection:
            session = DuckDBRawSession(connection, self.schema_name)
            found = connection.execute(
                "select table_name from duckdb_tables() where schema_name = ?", [self.schema_name]
            ).fetchall()
            return {file for table in tables if (table.name,) in found for file in session.loaded(table)}

    @override
    @contextmanager
    def open(self, run_id: str) -> Iterator[RawSession]:
        """Open the file as its writer.

        Raises:
            DatabaseBusyError: when another process keeps it open.
        """
        with connect_to_write(Path(self.database), self.patience_seconds) as connection:
            connection.execute(f'create schema if not exists "{self.schema_name}"')
            yield DuckDBRawSession(connection, self.schema_name)


class DuckDBRawSession(RawSession):
    """An open DuckDB file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, schema: str) -> None:
        self._connection = connection
        self._schema = schema

    @override
    def begin(self, table: RawTable) -> None:
        """Make the table in the file unless it is there."""
        columns = ", ".join(f"{name} {kind}" for name, kind in table.column_types.items())
        self._connection.execute(f"create table if not exists {self._name(table)} ({columns})")

    @override
    def loaded(self, table: RawTable) -> set[str]:
        """The identities of the files whose rows the table holds."""
        found = self._connection.table(self._name(table)).select("_source_file", "_source_sha256").distinct().fetchall()
        return {table.identity(file, sha256) for file, sha256 in found}

    @override
    def append(self, rows: RawRows, scratch: Path) -> int | None:
        """Insert the rows as they are read, in one transaction: all or none. Nobody else writes the file meanwhile.

        Raises:
            RefusedFileError: naming the row or column that is not as the table expects, and no value.
            DuckDBRefusalError: when DuckDB refuses them, naming the table and no value of a row.
        """
        return take_rows(rows.batches(), lambda stream: self._write(rows, stream))

    def _write(self, rows: RawRows, stream: RowStream) -> int:
        self._connection.begin()
        try:
            self._remove_replaced(rows)
            count = self._insert(rows.table, stream)
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()
        return count

    def _remove_replaced(self, rows: RawRows) -> None:
        if rows.table.versions is Versions.LATEST:
            sql = f"delete from {self._name(rows.table)} where _source_file = ?"  # noqa: S608 - own names
            self._connection.execute(sql, [rows.hashed.file.name])

    def _insert(self, table: RawTable, stream: RowStream) -> int:
        with discreet_duckdb(self._name(table)):
            self._connection.register("landed", stream)
            selected = f"select *, now() at time zone 'UTC' as {LOADED_AT} from landed"  # noqa: S608 - own names
            self._connection.execute(f"insert into {self._name(table)} by name {selected}")
        return stream.rows

    @override
    def count(self, table: RawTable) -> int:
        """How many rows the table holds."""
        return self._connection.table(self._name(table)).shape[0]

    def _name(self, table: RawTable) -> str:
        return f"{self._schema}.{table.name}"
