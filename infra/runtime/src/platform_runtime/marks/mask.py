from collections.abc import Iterable, Mapping, Sequence

from platform_runtime.marks.marks import Marks

MASK = "•••"
"""What stands where a marked value would.

The same for all, nulls included, and no hash: where a column has few values a hash of each tells which is which.
"""


def masked_row[Value](row: Mapping[str, Value], marks: Marks) -> dict[str, Value | str]:
    """The row with every marked value masked, its columns as they were."""
    return {column: MASK if marks.cover(column) else value for column, value in row.items()}


def masked_values[Value](columns: Sequence[str], values: Iterable[Value], marks: Marks) -> list[Value | str]:
    """The values of those columns, with every marked one masked."""
    return [MASK if marks.cover(column) else value for column, value in zip(columns, values, strict=True)]
