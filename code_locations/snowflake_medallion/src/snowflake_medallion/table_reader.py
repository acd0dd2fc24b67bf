from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster._utils import pushd
from dagster_dbt.compat import BaseAdapter

from snowflake_medallion.dbt_invocation import without_values


class TableReadError(RuntimeError):
    """A table that dbt has built could not be looked at; the message names the statement."""


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads what a dbt process has built, by the adapter with which the library counts rows."""

    adapter: BaseAdapter
    project: Path

    def columns_and_rows(self, sql: str) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
        """The names of the columns, and the rows.

        Raises:
            TableReadError: when the engine refuses the statement, without the values of rows that it quotes.
        """
        # It takes a while to import, and only a run looks at tables.
        from dbt_common.exceptions import DbtBaseException  # noqa: PLC0415

        try:
            # Relative paths of the profile are meant from the project's folder.
            with pushd(str(self.project)), self.adapter.connection_named("table_reader"):
                _, table = self.adapter.execute(sql, fetch=True)
        except DbtBaseException as error:
            # As a cause it would go to the event log as it is.
            raise TableReadError(f"{sql}:\n{without_values(str(error))}") from None
        return table.column_names, [tuple(row) for row in table.rows]
