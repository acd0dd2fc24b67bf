from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import dagster as dg
from platform_contract.layer import Layer
from platform_runtime.files.folder import HashedFile


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What a query gave: column names in lower case, and the rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class WarehouseSession(ABC):
    """An open connection to a warehouse. Column types are those that every engine here understands."""

    @abstractmethod
    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        """Run one statement; each `?` takes the next parameter."""

    @abstractmethod
    def query(self, sql: str) -> QueryResult:
        """Run one SELECT and fetch all of it."""

    @abstractmethod
    def insert(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
        """Add rows whose values stand in the order of `columns` (name to type)."""

    @abstractmethod
    def append_file(self, table: str, file: HashedFile, columns: Sequence[str]) -> None:
        """Add a file's rows as text, each with its origin.

        The table has those columns and then `ORIGIN_COLUMNS`, in that order.

        Raises:
            RefusedFileError: naming the row that is not as it should be; roll back what was added.
        """

    @abstractmethod
    def take_turn(self) -> None:
        """Wait until no other load is at work in the schema; nobody else loads until the transaction has ended."""

    def create_if_missing(self, table: str, columns: Mapping[str, str]) -> None:
        """Make an empty table unless there is one."""
        declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self.execute(f"create table if not exists {table} ({declared})", [])

    def first_rows(self, table: str, order_by: str) -> QueryResult:
        """The first ten rows of a table."""
        return self.query(f"select * from {table} order by {order_by} limit 10")  # noqa: S608 - own names

    def count(self, table: str, condition: str) -> int:
        """How many rows of a table meet an SQL condition."""
        return int(self.query(f"select count(*) from {table} where {condition}").rows[0][0])  # noqa: S608

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block's changes, or none of them."""
        self.execute("begin", [])
        try:
            yield
        except BaseException:
            self.execute("rollback", [])
            raise
        self.execute("commit", [])


class Warehouse(dg.ConfigurableResource, ABC):
    """A database that holds tables and computes with SQL: what a pattern asks of one, whichever it is."""

    @abstractmethod
    def table(self, layer: Layer, name: str) -> str:
        """The name of a table in this warehouse's SQL."""

    @abstractmethod
    def session(self, layer: Layer) -> AbstractContextManager[WarehouseSession]:
        """A session that may write the tables of a layer, closed at the end of the block."""
