"""A difference in words, the same for a person at a terminal and for the comment of a pull request."""

from platform_cli.diff.table_diff import ColumnChange, LargestChange, SchemaChange, TableDiff

_DIGITS = 10


def headline(table: TableDiff, base: str, head: str) -> str:
    """One line that says whether and how a table differs."""
    if table.rows_before is None and table.rows_after is None:
        return "on neither side yet"
    if table.rows_before is None:
        return f"only in {head}, {table.rows_after:,} rows"
    if table.rows_after is None:
        return f"only in {base}, {table.rows_before:,} rows"
    if table.rows is None:
        return f"{table.rows_before:,} rows before, {table.rows_after:,} after; its key is not on both sides"
    if table.is_same:
        return f"the same, {table.rows_after:,} rows"
    counts = (("added", table.rows.added), ("removed", table.rows.removed), ("changed", table.rows.changed))
    said = [f"{count:,} {what}" for what, count in counts if count] or ["no row differs"]
    return f"{', '.join(said)}, of {table.rows_before:,} rows before and {table.rows_after:,} after"


def schema_lines(schema: SchemaChange) -> list[str]:
    """A line for each column that is new, gone or of another type."""
    return [
        *(f"column {column} added" for column in schema.added),
        *(f"column {column} removed" for column in schema.removed),
        *(f"column {column}: {before} before, {after} after" for column, before, after in schema.retyped),
    ]


def column_line(change: ColumnChange) -> str:
    """How many rows have another value in a column."""
    return f"{change.column}: {change.rows:,} {'row' if change.rows == 1 else 'rows'}"


def key_text(change: LargestChange) -> str:
    """Which row changed."""
    return ", ".join(change.key)


def number(value: float | None) -> str:
    """A measure's value."""
    return "null" if value is None else f"{value:,.{_DIGITS}g}"
