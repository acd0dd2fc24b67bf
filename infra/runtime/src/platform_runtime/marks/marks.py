from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """Which columns of a table hold marked values.

    Attributes:
        columns: their names, in lower case.
        every: all that it has, because nobody knows which ones.
    """

    columns: frozenset[str]
    every: bool

    @staticmethod
    def of(columns: Iterable[str]) -> "Marks":
        """Exactly those columns."""
        return Marks(frozenset(column.lower() for column in columns), every=False)

    def cover(self, column: str) -> bool:
        """Whether a column's values are marked."""
        return self.every or column.lower() in self.columns

    def __or__(self, other: "Marks") -> "Marks":
        return Marks(self.columns | other.columns, self.every or other.every)

    @property
    def exist(self) -> bool:
        """Whether any column is marked."""
        return self.every or bool(self.columns)

    def with_declared(self, declared: "DeclaredMarks") -> "Marks":
        """These and what is declared of the same table, which is right where both speak of a column."""
        if self.every:
            return self
        return Marks((self.columns | declared.marked) - declared.cleared, every=False)


@dataclass(frozen=True, slots=True)
class DeclaredMarks:
    """What a table's own declaration says: columns that it marks, and those of which it says that they need none."""

    marked: frozenset[str]
    cleared: frozenset[str]


NO_MARKS = Marks(frozenset(), every=False)
ALL_MARKED = Marks(frozenset(), every=True)
