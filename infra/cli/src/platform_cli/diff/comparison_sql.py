"""The two statements that compare a table with another, for any engine that sqlglot writes SQL for."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

# The order in which an engine adds up doubles is its own, and shows in their last digits.
_RELATIVE_TOLERANCE = "1e-9"
_ABSOLUTE_TOLERANCE = "1e-12"
LARGEST = 3

_READ = "duckdb"


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """A column that both sides have, under the name that each gives it."""

    base: str
    head: str
    is_measure: bool
    is_floating: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two tables, how their rows are told apart, and which other columns are compared.

    Rows of equal key on one side are paired with those of the other in the order of their values, so a key that is
    none any more is counted right as well.
    """

    base: exp.Table
    head: exp.Table
    key: tuple[ComparedColumn, ...]
    columns: tuple[ComparedColumn, ...]

    def counts(self, dialect: str) -> str:
        """One row: rows of the base, of the head, added, removed, changed, then changed ones of each column."""
        changed = " or ".join(f"d{number} = 1" for number, _ in enumerate(self.columns)) or "false"
        by_column = "".join(
            f", coalesce(sum(d{number}), 0) as changed_{number}" for number, _ in enumerate(self.columns)
        )
        return self._written(
            f"""
            select
                count(base_number) as rows_base,
                count(head_number) as rows_head,
                count(case when base_number is null then 1 end) as rows_added,
                count(case when head_number is null then 1 end) as rows_removed,
                count(case when {changed} then 1 end) as rows_changed{by_column}
            from paired
            """,  # noqa: S608 - names of columns are not in it
            dialect,
        )

    def largest_changes(self, measures: Sequence[int], dialect: str) -> str:
        """The rows in which measures changed most: position of the column, key, value before, value after.

        Args:
            measures: positions among the columns.
            dialect: whose SQL.
        """
        return self._written(" union all ".join(map(self._largest, measures)), dialect)

    def _largest(self, number: int) -> str:
        before, after = f"cast(b{number} as double)", f"cast(h{number} as double)"
        key = "".join(f", k{position}" for position, _ in enumerate(self.key))
        return f"""
            select * from (
                select {number} as measure{key}, {before} as value_before, {after} as value_after
                from paired
                where d{number} = 1
                order by abs({after} - {before}) desc nulls last{key}
                limit {LARGEST}
            ) as largest_{number}
            """  # noqa: S608 - names of columns are not in it

    def _written(self, query: str, dialect: str) -> str:
        whole = f"with base as ({self._side(self.base, 'base')}), head as ({self._side(self.head, 'head')}), "
        whole += f"paired as ({self._paired()}) {query}"
        return sqlglot.parse_one(whole, dialect=_READ).sql(dialect=dialect)

    def _side(self, table: exp.Table, side: str) -> str:
        keys = [f"{_name(column, side)} as k{number}" for number, column in enumerate(self.key)]
        values = [f"{_value(column, side)} as v{number}" for number, column in enumerate(self.columns)]
        partition = ", ".join(_name(column, side) for column in self.key)
        order = ", ".join(_name(column, side) for column in (*self.columns, *self.key))
        numbered = f"row_number() over (partition by {partition} order by {order}) as row_number_of_key"
        return f"select {', '.join([*keys, *values, numbered])} from {table.sql(dialect=_READ)}"  # noqa: S608

    def _paired(self) -> str:
        keys = [f"coalesce(base.k{number}, head.k{number}) as k{number}" for number, _ in enumerate(self.key)]
        values = [f"base.v{number} as b{number}, head.v{number} as h{number}" for number, _ in enumerate(self.columns)]
        both = "base.row_number_of_key is not null and head.row_number_of_key is not null"
        flags = [
            f"case when {both} and {_differs(number, column)} then 1 else 0 end as d{number}"
            for number, column in enumerate(self.columns)
        ]
        numbers = ["base.row_number_of_key as base_number", "head.row_number_of_key as head_number"]
        condition = " and ".join(f"base.k{n} is not distinct from head.k{n}" for n, _ in enumerate(self.key))
        return (
            f"select {', '.join([*keys, *values, *flags, *numbers])} from base full outer join head "  # noqa: S608
            f"on {condition} and base.row_number_of_key = head.row_number_of_key"
        )


def _name(column: ComparedColumn, side: str) -> str:
    name = column.base if side == "base" else column.head
    return exp.to_identifier(name, quoted=True).sql(dialect=_READ)


def _value(column: ComparedColumn, side: str) -> str:
    return f"cast({_name(column, side)} as double)" if column.is_floating else _name(column, side)


def _differs(number: int, column: ComparedColumn) -> str:
    before, after = f"base.v{number}", f"head.v{number}"
    exactly = f"{before} is distinct from {after}"
    if not column.is_floating:
        return f"({exactly})"
    distance = f"abs({before} - {after})"
    close = (
        f"{distance} <= {_ABSOLUTE_TOLERANCE} or (sign({before}) = sign({after}) and "
        f"{distance} <= {_RELATIVE_TOLERANCE} * least(abs({before}), abs({after})))"
    )
    # Beside null nothing is close, and beside NaN only NaN, which is not distinct from itself.
    return f"({exactly} and not coalesce({close}, false))"
