from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlglot import exp

type Columns = dict[str, str]
"""Type by column, in the words of the engine, in the order of the table."""


class Side(StrEnum):
    """What is compared: the base, and the pull request."""

    BASE = "base"
    HEAD = "head"


class GoldStore(ABC):
    """A domain's gold tables in two deployments on one engine, both in reach of one statement. It is only read."""

    @property
    @abstractmethod
    def schema(self) -> str:
        """The schema that they are in on both sides, in lower case."""

    @property
    @abstractmethod
    def dialect(self) -> str:
        """The engine's SQL, as sqlglot calls it."""

    @abstractmethod
    def tables(self, side: Side) -> dict[str, Columns]:
        """The columns of every gold table of one side, by table in lower case."""

    @abstractmethod
    def relation(self, side: Side, table: str) -> exp.Table:
        """A table of one side, as a statement names it."""

    @abstractmethod
    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        """The rows that a SELECT in the engine's own SQL gives."""
