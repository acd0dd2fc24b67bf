from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import override

import duckdb
from platform_contract.clone_route import CloneRoute
from platform_contract.deployment import Deployment
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths
from platform_runtime.marks.discreet_duckdb import discreet_duckdb
from platform_runtime.table_copy import TableCopy

from snowflake_medallion.clone.cloned_table import ClonedTable
from snowflake_medallion.clone.table_clone import TableClone
from snowflake_medallion.duckdb_access import connect_to_read, connect_to_write

_SOURCE = "clone_source"
_CREATE = "CREATE TABLE "


@dataclass(frozen=True, slots=True)
class DuckDBClone(TableClone):
    """Copies tables from the DuckDB files of one deployment into those of another.

    Attributes:
        route: from which deployment to which.
        root: holds a folder for each deployment.
        patience_seconds: how long to wait for somebody who has a file open.
    """

    route: CloneRoute
    root: Path
    patience_seconds: float

    @override
    def clone(self, table: ClonedTable, run_id: str) -> TableCopy | None:
        source = self._file(self.route.source, table)
        if not source.is_file():
            return None
        with (
            discreet_duckdb(f"the clone of {_name(table)}"),
            self._both(source, self._file(self.route.target, table)) as connection,
        ):
            definition = _definition(connection, table)
            if definition is None:
                return None
            return TableCopy(
                source=f"{self.route.source}: {source.stem}.{_name(table)}",
                version=f"{datetime.fromtimestamp(source.stat().st_mtime, UTC):%Y-%m-%d %H:%M:%S} UTC",
                rows=_copy(connection, table, definition),
                rows_by_partition=None,
                metadata={},
            )

    def _file(self, deployment: Deployment, table: ClonedTable) -> Path:
        paths = LocalPaths(self.root, deployment)
        return paths.raw_database if table.layer is Layer.RAW else paths.analytics_database

    @contextmanager
    def _both(self, source: Path, target: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        # ATTACH does not wait for a writer.
        connect_to_read(source, self.patience_seconds).close()
        with connect_to_write(target, self.patience_seconds) as connection:
            connection.execute(f"attach '{str(source).replace("'", "''")}' as {_SOURCE} (read_only)")
            yield connection


def _definition(connection: duckdb.DuckDBPyConnection, table: ClonedTable) -> str | None:
    """The source's CREATE TABLE, constraints and all."""
    found = connection.execute(
        "select sql from duckdb_tables() where (database_name, schema_name, table_name) = (?, ?, ?)",
        [_SOURCE, _schema(table), table.name],
    ).fetchone()
    return None if found is None else str(found[0])


def _copy(connection: duckdb.DuckDBPyConnection, table: ClonedTable, definition: str) -> int:
    """Replace the table in one transaction; how many rows it has."""
    connection.begin()
    connection.execute(f"create schema if not exists {_schema(table)}")
    connection.execute(definition.replace(_CREATE, "CREATE OR REPLACE TABLE ", 1))
    connection.execute(f"insert into {_name(table)} from {_SOURCE}.{_name(table)}")
    connection.commit()
    return connection.table(_name(table)).shape[0]


def _schema(table: ClonedTable) -> str:
    return table.place.schema


def _name(table: ClonedTable) -> str:
    return f"{_schema(table)}.{table.name}"
