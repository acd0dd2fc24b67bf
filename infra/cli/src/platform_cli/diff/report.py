from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from platform_cli.diff.table_diff import ColumnChange, TableDiff
from platform_cli.diff.wording import column_line, headline, key_text, number, schema_lines


def print_diff(console: Console, tables: Sequence[TableDiff], base: str, head: str) -> None:
    """Print what became of every gold table, and of those that differ how."""
    console.print(f"[bold]{escape(head)} compared with {escape(base)}[/]", highlight=False)
    for table in tables:
        colour = "green" if table.is_same else "yellow"
        console.print(f"[{colour}]{escape(table.name)}[/]: {headline(table, base, head)}", highlight=False)
        for line in schema_lines(table.schema):
            console.print(f"  {line}", markup=False, highlight=False)
        for change in table.rows.columns if table.rows is not None else ():
            _print_column(console, table, change)


def _print_column(console: Console, table: TableDiff, change: ColumnChange) -> None:
    console.print(f"  {column_line(change)}", markup=False, highlight=False)
    if not change.largest:
        return
    rows = Table(box=None, padding=(0, 2), pad_edge=False)
    rows.add_column("    " + ", ".join(table.key), style="dim")
    for heading in ("before", "after"):
        rows.add_column(heading, justify="right")
    for largest in change.largest:
        rows.add_row(f"    {escape(key_text(largest))}", number(largest.before), number(largest.after))
    console.print(rows)
