from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import dagster as dg

from snowflake_medallion.raw_rows import RawRows
from snowflake_medallion.raw_table import RawTable


class RawSession(ABC):
    """A store that is open for loading."""

    @abstractmethod
    def begin(self, table: RawTable) -> None:
        """Turn to the load of a table, which is made unless it is there."""

    @abstractmethod
    def loaded(self, table: RawTable) -> set[str]:
        """The identities of the files whose rows the table holds."""

    @abstractmethod
    def append(self, rows: RawRows, scratch: Path) -> int | None:
        """Add the rows of a file, all of them or none, unless another load has by now.

        Where the table keeps the latest version alone, they replace those of the file's name.

        Args:
            rows: the file.
            scratch: a folder for what is on its way.

        Returns:
            How many rows were added here; None where another load has added them.

        Raises:
            RefusedFileError: naming the row or column that is not as the table expects, and no value.
        """

    @abstractmethod
    def count(self, table: RawTable) -> int:
        """How many rows the table holds."""


class RawStore(dg.ConfigurableResource, ABC):
    """Where the raw tables of a source are kept."""

    @abstractmethod
    def loaded(self, tables: Iterable[RawTable]) -> set[str]:
        """The identities of the files whose rows the tables hold, of those that have been made; nothing is made."""

    @abstractmethod
    def open(self, run_id: str) -> AbstractContextManager[RawSession]:
        """Open the store for loading. `run_id` says who loads."""
