from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """Columns that one side alone has, and those whose type is another: `(column, type before, type after)`."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    retyped: tuple[tuple[str, str, str], ...]

    @property
    def is_empty(self) -> bool:
        """Whether both sides have the same columns."""
        return not (self.added or self.removed or self.retyped)


@dataclass(frozen=True, slots=True)
class LargestChange:
    """One row's value of a measure on both sides; None where it is null."""

    key: tuple[str, ...]
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """How many rows have another value in a column, and of a measure those that changed most, the largest first."""

    column: str
    rows: int
    largest: tuple[LargestChange, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """Rows by what became of them, told apart by the key; of those on both sides, what changed column by column."""

    added: int
    removed: int
    changed: int
    columns: tuple[ColumnChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether every row is the same."""
        return not (self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class TableDiff:
    """One gold table on both sides.

    Attributes:
        name: its asset, `<domain>/gold_customer_summary`.
        key: the columns that tell its rows apart; none where none are declared, and then rows are told apart as wholes.
        rows_before: how many rows the base has; None where it has no such table.
        rows_after: how many the pull request has; None where it has no such table.
        schema: what became of the columns.
        rows: what became of the rows; None unless both sides have the table and its key.
    """

    name: str
    key: tuple[str, ...]
    rows_before: int | None
    rows_after: int | None
    schema: SchemaChange
    rows: RowChange | None

    @property
    def is_same(self) -> bool:
        """Whether both sides are the same, or neither has the table."""
        if self.rows_before is None or self.rows_after is None:
            return self.rows_before is self.rows_after
        return self.schema.is_empty and self.rows is not None and self.rows.is_empty
