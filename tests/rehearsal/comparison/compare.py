import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.rehearsal.comparison.compared_table import ComparedTable, Kind

type Row = tuple[Any, ...]

_RELATIVE = 1e-9
_LOAD_TIMES = frozenset({"_ingested_at", "_loaded_at"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a table differs from what it should be.

    Attributes:
        table: its name.
        columns: the names of the expected columns, in order.
        rows: how many rows were expected.
        schema: differences of names, types or order; while there are any, rows are not compared.
        missing: expected rows that are not there.
        unexpected: rows that are there and should not be.
    """

    table: str
    columns: tuple[str, ...]
    rows: int
    schema: tuple[str, ...]
    missing: tuple[Row, ...]
    unexpected: tuple[Row, ...]

    @property
    def differences(self) -> int:
        """How many things differ; a row that has changed is one."""
        return len(self.schema) + max(len(self.missing), len(self.unexpected))


def compare(table: str, expected: ComparedTable, found: ComparedTable) -> Comparison:
    """Compare two tables whole: doubles within 1e-9 of each other, relatively, and everything else exactly.

    Of a column that says when a row was loaded, which each load says for itself, name and type are compared alone.
    """
    names = tuple(column.name for column in expected.columns)
    schema = tuple(_schema_differences(expected, found))
    if schema:
        return Comparison(table, names, len(expected.rows), schema, (), ())
    doubles = [at for at, column in enumerate(expected.columns) if column.kind is Kind.DOUBLE]
    wanted, there = (_without_load_times(rows, names) for rows in (expected.rows, found.rows))
    missing, unexpected = _unmatched(wanted, there, doubles)
    return Comparison(table, names, len(expected.rows), (), tuple(missing), tuple(unexpected))


def changed_columns(comparison: Comparison) -> Iterable[tuple[Row, Row | None, tuple[str, ...]]]:
    """Each missing row, the unexpected row that is most like it, and the columns in which those two differ."""
    left = list(comparison.unexpected)
    for row in comparison.missing:
        if not left:
            yield row, None, ()
            continue
        likest = max(left, key=lambda other: _alike(row, other))
        left.remove(likest)
        pairs = zip(comparison.columns, row, likest, strict=True)
        yield row, likest, tuple(name for name, one, other in pairs if not _close(one, other))


def _schema_differences(expected: ComparedTable, found: ComparedTable) -> Iterable[str]:
    wanted, there = list(map(str, expected.columns)), list(map(str, found.columns))
    yield from (f"{column} is missing" for column in wanted if column not in there)
    yield from (f"{column} is unexpected" for column in there if column not in wanted)
    if wanted != there and sorted(wanted) == sorted(there):
        yield f"the columns stand in another order: {', '.join(there)}"


def _without_load_times(rows: Sequence[Row], names: Sequence[str]) -> Sequence[Row]:
    load_times = {at for at, name in enumerate(names) if name in _LOAD_TIMES}
    if not load_times:
        return rows
    return [tuple(None if at in load_times else value for at, value in enumerate(row)) for row in rows]


def _unmatched(expected: Sequence[Row], found: Sequence[Row], doubles: Sequence[int]) -> tuple[list[Row], list[Row]]:
    """Rows on either side that have no equal on the other, each row matched once."""
    candidates: defaultdict[Row, list[Row]] = defaultdict(list)
    for row in found:
        candidates[_exact_part(row, doubles)].append(row)
    missing: list[Row] = []
    for row in expected:
        alike = candidates[_exact_part(row, doubles)]
        match = next((other for other in alike if all(_close(row[at], other[at]) for at in doubles)), None)
        if match is None:
            missing.append(row)
        else:
            alike.remove(match)
    return missing, [row for rows in candidates.values() for row in rows]


def _exact_part(row: Row, doubles: Sequence[int]) -> Row:
    exact = (value for at, value in enumerate(row) if at not in doubles)
    return (*exact, *(row[at] is None for at in doubles))


def _close(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_RELATIVE) or (math.isnan(one) and math.isnan(other))
    return one == other


def _alike(one: Row, other: Row) -> int:
    return sum(_close(a, b) for a, b in zip(one, other, strict=True))
