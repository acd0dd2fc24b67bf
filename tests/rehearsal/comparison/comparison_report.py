from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.rehearsal.comparison.compare import Comparison, changed_columns

_FIRST_ROWS = 3


def print_comparisons(comparisons: Sequence[Comparison], console: Console) -> None:
    """Print a line for each table, then what differs: the schema, and the first rows."""
    table = Table(title="What production holds, against the demo", title_justify="left")
    table.add_column("table")
    for column in ("rows", "columns", "differences"):
        table.add_column(column, justify="right")
    for comparison in comparisons:
        shown = f"[red]{comparison.differences:,}[/]" if comparison.differences else "[green]none[/]"
        table.add_row(comparison.table, f"{comparison.rows:,}", str(len(comparison.columns)), shown)
    console.print(table)
    for comparison in comparisons:
        for line in describe_differences(comparison):
            console.print(Text(line), soft_wrap=True)


def describe_differences(comparison: Comparison) -> list[str]:
    """What differs, in lines for a person: every difference of the schema, and the first rows."""
    lines = [f"{comparison.table}: column {difference}" for difference in comparison.schema]
    changes = list(changed_columns(comparison))[:_FIRST_ROWS]
    for row, likest, columns in changes:
        lines.append(f"{comparison.table}: the demo has      {row}")
        if likest is not None:
            lines.append(f"{comparison.table}: production has    {likest} (differs in {', '.join(columns)})")
    surplus = [row for row in comparison.unexpected if row not in [likest for _, likest, _ in changes]]
    if len(comparison.unexpected) > len(comparison.missing):
        lines += [f"{comparison.table}: only production has {row}" for row in surplus[:_FIRST_ROWS]]
    return lines
