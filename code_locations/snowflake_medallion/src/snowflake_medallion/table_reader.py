from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster._utils import pushd
from dagster_dbt.compat import BaseAdapter


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads what a dbt process has built, by the adapter with which the library counts rows."""

    adapter: BaseAdapter
    project: Path

    def columns_and_rows(self, sql: str) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
        """The names of the columns, and the rows."""
        # Relative paths of the profile are meant from the project's folder.
        with pushd(str(self.project)), self.adapter.connection_named("table_reader"):
            _, table = self.adapter.execute(sql, fetch=True)
        return table.column_names, [tuple(row) for row in table.rows]
