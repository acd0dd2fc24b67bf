from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, override

import duckdb
from databricks_delta.lakehouse.arrow_stream import ArrowStream
from deltalake import DeltaTable
from platform_runtime.marks.discreet_duckdb import discreet_duckdb
from sqlglot import exp

from platform_cli.diff.gold_store import Columns, GoldStore, Side


@dataclass(frozen=True, slots=True)
class DeltaGold(GoldStore):
    """The Delta tables in two folders, which DuckDB reads as they are when it is asked."""

    connection: duckdb.DuckDBPyConnection
    gold: str

    @property
    @override
    def schema(self) -> str:
        return self.gold

    @property
    @override
    def dialect(self) -> str:
        return "duckdb"

    @override
    def tables(self, side: Side) -> dict[str, Columns]:
        described = self.connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() where schema_name = ? "
            "order by table_name, column_index",
            [side.value],
        )
        found: dict[str, Columns] = {}
        for table, column, kind in described.fetchall():
            found.setdefault(table, {})[column] = kind
        return found

    @override
    def relation(self, side: Side, table: str) -> exp.Table:
        return exp.table_(table, db=side.value, quoted=True)

    @override
    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        with discreet_duckdb("the comparison of gold tables"):
            return self.connection.execute(sql).fetchall()


@contextmanager
def delta_gold(base: Path, head: Path) -> Iterator[DeltaGold]:
    """Let DuckDB read every Delta table in both folders, which are schemas; a folder that is not there has none."""
    with duckdb.connect(config={"TimeZone": "UTC", "autoinstall_known_extensions": False}) as connection:
        for side, folder in ((Side.BASE, base), (Side.HEAD, head)):
            connection.execute(f"create schema {side.value}")
            for table in _delta_tables(folder):
                _expose(connection, side, table)
        yield DeltaGold(connection, head.name)


def _delta_tables(folder: Path) -> list[Path]:
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found if not path.name.startswith(".") and DeltaTable.is_deltatable(str(path))]


def _expose(connection: duckdb.DuckDBPyConnection, side: Side, folder: Path) -> None:
    stored = DeltaTable(folder)
    stream = f"{side.value} {folder.name}"
    connection.register(stream, ArrowStream(stored.scan))
    connection.execute(f'create view {side.value}."{folder.name}" as from "{stream}"')
