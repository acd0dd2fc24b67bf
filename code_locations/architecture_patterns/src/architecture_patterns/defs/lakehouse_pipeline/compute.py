import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
from deltalake import DeltaTable


@contextmanager
def duckdb_over(tables: Mapping[str, DeltaTable]) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB that knows Delta tables by name, in UTC. It computes; what lasts is written as Delta."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for name, table in tables.items():
            connection.register("stream", table.scan())
            connection.execute(f'create table "{name}" as select * from stream')  # noqa: S608 - own names
            connection.unregister("stream")
        yield connection


def count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """How many rows a query selects."""
    return connection.sql(f"select count(*) from ({query})").fetchall()[0][0]  # noqa: S608 - own queries


def read_statement(folder: Path, name: str) -> str:
    """The SELECT statement `<folder>/<name>.sql`."""
    return (folder / f"{name}.sql").read_text(encoding="utf-8")


def fingerprint(*statements: str) -> str:
    """What changes when any of the statements does."""
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()[:16]
