from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from platform_runtime.marks.marks import ALL_MARKED, Marks
from platform_runtime.marks.mask import masked_values
from sqlglot import exp
from sqlglot.expressions import DataType

from platform_cli.diff.comparison_sql import ComparedColumn, Comparison
from platform_cli.diff.gold_store import Columns, GoldStore, Side
from platform_cli.diff.table_diff import ColumnChange, LargestChange, RowChange, SchemaChange, TableDiff


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """A gold table as its location declares it: its asset, the columns that tell its rows apart, and what is marked."""

    asset: str
    key: tuple[str, ...]
    marks: Marks


def compare_store(store: GoldStore, declared: Mapping[str, DeclaredTable]) -> Iterator[TableDiff]:
    """Every gold table that is declared or that either side has.

    Args:
        store: both sides.
        declared: the declared ones by name, which is in lower case like that of every column.
    """
    base, head = store.tables(Side.BASE), store.tables(Side.HEAD)
    for table in sorted({*declared, *base, *head}):
        # Of a table that is not declared any more, nobody knows what is in it.
        found = declared.get(table, DeclaredTable(f"{store.schema}.{table}", (), ALL_MARKED))
        yield _compare(store, table, found, base.get(table), head.get(table))


def _compare(
    store: GoldStore, table: str, declared: DeclaredTable, before: Columns | None, after: Columns | None
) -> TableDiff:
    name, key = declared.asset, declared.key
    if before is None or after is None:
        nothing = SchemaChange((), (), ())
        base = None if before is None else _count(store, Side.BASE, table)
        head = None if after is None else _count(store, Side.HEAD, table)
        return TableDiff(name, key, base, head, nothing, None)
    schema = _schema_change(store.dialect, before, after)
    comparison = _comparison(store, table, before, after, key)
    if comparison is None:
        base, head = _count(store, Side.BASE, table), _count(store, Side.HEAD, table)
        return TableDiff(name, key, base, head, schema, None)
    base, head, rows = _row_change(store, comparison, declared.marks)
    return TableDiff(name, key, base, head, schema, rows)


def _schema_change(dialect: str, before: Columns, after: Columns) -> SchemaChange:
    shared = [(column, _counterpart(after, column)) for column in before]
    return SchemaChange(
        added=tuple(column.lower() for column in after if _counterpart(before, column) is None),
        removed=tuple(column.lower() for column, other in shared if other is None),
        retyped=tuple(
            (column.lower(), before[column], after[other])
            for column, other in shared
            if other is not None and _type(before[column], dialect) != _type(after[other], dialect)
        ),
    )


def _comparison(
    store: GoldStore, table: str, before: Columns, after: Columns, key: tuple[str, ...]
) -> Comparison | None:
    """None where the key is not on both sides, or not of one kind there."""
    shared = {
        column.lower(): compared
        for column in before
        if (compared := _compared(store.dialect, column, before, after)) is not None
    }
    if not shared or any(column not in shared for column in key):
        return None
    names = key or tuple(shared)
    return Comparison(
        store.relation(Side.BASE, table),
        store.relation(Side.HEAD, table),
        tuple(shared[name] for name in names),
        tuple(compared for name, compared in shared.items() if name not in names),
    )


def _compared(dialect: str, column: str, before: Columns, after: Columns) -> ComparedColumn | None:
    """None where the other side lacks the column, or holds something that cannot be compared with it."""
    other = _counterpart(after, column)
    if other is None:
        return None
    types = (_type(before[column], dialect), _type(after[other], dialect))
    is_measure = all(one.is_type(*DataType.NUMERIC_TYPES) for one in types)
    is_text = all(one.is_type(*DataType.TEXT_TYPES) for one in types)
    if not (is_measure or is_text or types[0].this == types[1].this):
        return None
    is_floating = is_measure and any(one.is_type(*DataType.FLOAT_TYPES) for one in types)
    return ComparedColumn(column, other, is_measure, is_floating)


def _row_change(store: GoldStore, comparison: Comparison, marks: Marks) -> tuple[int, int, RowChange]:
    """What became of the rows; of a marked column only how many changed, and marked keys masked."""
    ((base, head, added, removed, changed, *by_column),) = store.rows(comparison.counts(store.dialect))
    rows_changed = {number: int(rows) for number, rows in enumerate(by_column) if rows}
    measures = [number for number in rows_changed if _is_told(comparison.columns[number], marks)]
    largest = _largest(store, comparison, measures, marks)
    columns = [
        ColumnChange(comparison.columns[number].base.lower(), rows, tuple(largest.get(number, ())))
        for number, rows in rows_changed.items()
    ]
    return int(base), int(head), RowChange(int(added), int(removed), int(changed), tuple(columns))


def _is_told(column: ComparedColumn, marks: Marks) -> bool:
    """Whether the values of a column may be told."""
    return column.is_measure and not (marks.cover(column.base) or marks.cover(column.head))


def _largest(
    store: GoldStore, comparison: Comparison, measures: Sequence[int], marks: Marks
) -> dict[int, list[LargestChange]]:
    if not measures:
        return {}
    names = [column.head for column in comparison.key]
    found: dict[int, list[LargestChange]] = {}
    for number, *key, before, after in store.rows(comparison.largest_changes(measures, store.dialect)):
        change = LargestChange(tuple(map(_text, masked_values(names, key, marks))), before, after)
        found.setdefault(int(number), []).append(change)
    return {number: sorted(changes, key=_magnitude, reverse=True) for number, changes in found.items()}


def _magnitude(change: LargestChange) -> tuple[float, float]:
    if change.before is None or change.after is None:
        return (-1.0, 0.0)
    return (abs(change.after - change.before), 0.0)


def _text(value: Any) -> str:  # noqa: ANN401 - whatever type a key column has
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)


def _count(store: GoldStore, side: Side, table: str) -> int:
    counted = exp.select("count(*)").from_(store.relation(side, table))
    ((rows,),) = store.rows(counted.sql(dialect=store.dialect))
    return int(rows)


def _counterpart(columns: Columns, name: str) -> str | None:
    """Snowflake keeps upper case, the others lower; a column is the same in both."""
    return next((column for column in columns if column.lower() == name.lower()), None)


def _type(text: str, dialect: str) -> DataType:
    return exp.DataType.build(text, dialect=dialect)
