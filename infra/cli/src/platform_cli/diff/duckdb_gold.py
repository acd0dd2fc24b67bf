from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, override

import duckdb
from platform_runtime.marks.discreet_duckdb import discreet_duckdb
from snowflake_medallion.duckdb_access import PATIENCE_SECONDS, connect_to_read
from sqlglot import exp

from platform_cli.diff.gold_store import Columns, GoldStore, Side

_COLUMNS = """
    select table_name, column_name, data_type from duckdb_columns()
    where (database_name, schema_name) = (?, ?) order by table_name, column_index
"""


@dataclass(frozen=True, slots=True)
class DuckDBGold(GoldStore):
    """One gold schema in two DuckDB files, attached read-only under the names of the sides."""

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
        found: dict[str, Columns] = {}
        for table, column, kind in self.connection.execute(_COLUMNS, [side.value, self.gold]).fetchall():
            found.setdefault(table.lower(), {})[column] = kind
        return found

    @override
    def relation(self, side: Side, table: str) -> exp.Table:
        return exp.table_(table, db=self.gold, catalog=side.value, quoted=True)

    @override
    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        with discreet_duckdb("the comparison of gold tables"):
            return self.connection.execute(sql).fetchall()


@contextmanager
def duckdb_gold(base: Path, head: Path, schema: str) -> Iterator[DuckDBGold]:
    """Open both files to read; a side whose file is not there has no tables.

    Args:
        base: the file of one side.
        head: that of the other.
        schema: which one in both.

    Raises:
        DatabaseBusyError: when another process keeps one of them open.
    """
    with duckdb.connect(config={"TimeZone": "UTC", "autoinstall_known_extensions": False}) as connection:
        for side, file in ((Side.BASE, base), (Side.HEAD, head)):
            if file.is_file():
                # ATTACH does not wait for a writer.
                connect_to_read(file, PATIENCE_SECONDS).close()
                connection.execute(f"attach '{str(file).replace("'", "''")}' as {side.value} (read_only)")
        yield DuckDBGold(connection, schema)
