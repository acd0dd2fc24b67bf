from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pyarrow as pa


class Kind(StrEnum):
    """What a column holds, whatever an engine calls it and however wide it makes it."""

    BOOLEAN = "boolean"
    DATE = "date"
    DECIMAL = "decimal"
    DOUBLE = "double"
    INSTANT = "instant"
    INTEGER = "integer"
    TEXT = "text"
    WALL_CLOCK = "wall clock time"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, and its decimal places (0 for all but decimals)."""

    name: str
    kind: Kind
    scale: int

    def __str__(self) -> str:
        places = f" with {self.scale} places" if self.kind is Kind.DECIMAL else ""
        return f"{self.name} ({self.kind}{places})"


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """A whole table, in memory; its rows stand in no order."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[Any, ...]]


def number_column(name: str, scale: int) -> Column:
    """A column of exact numbers: one without decimal places is of integers, however an engine stores them."""
    return Column(name, Kind.DECIMAL if scale else Kind.INTEGER, scale)


def from_arrow(table: pa.Table) -> ComparedTable:
    """A table as Arrow has it, its times with a time zone as instants."""
    columns = tuple(_column(field) for field in table.schema)
    values = [column.to_pylist() for column in table.columns]
    return ComparedTable(columns, list(zip(*values, strict=True)))


def _column(field: pa.Field) -> Column:
    kind = field.type
    if pa.types.is_decimal(kind):
        return number_column(field.name, kind.scale)
    if pa.types.is_timestamp(kind):
        return Column(field.name, Kind.INSTANT if kind.tz else Kind.WALL_CLOCK, 0)
    for is_of_kind, found in _KINDS:
        if is_of_kind(kind):
            return Column(field.name, found, 0)
    raise TypeError(f"column {field.name} is of type {kind}, which no comparison knows yet: describe it in {__name__}")


_KINDS = (
    (pa.types.is_boolean, Kind.BOOLEAN),
    (pa.types.is_date, Kind.DATE),
    (pa.types.is_floating, Kind.DOUBLE),
    (pa.types.is_integer, Kind.INTEGER),
    (pa.types.is_string, Kind.TEXT),
    (pa.types.is_large_string, Kind.TEXT),
    (pa.types.is_string_view, Kind.TEXT),
)
