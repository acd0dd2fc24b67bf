from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from platform_cli.demo.outcome import Outcome, TableOutcome

_LINES_OF_A_REASON = 12


def print_summary(outcome: Outcome, seconds: float, console: Console, title: str) -> None:
    """Print a line for each table, what all took, then what was left out, and every failure with its reason."""
    console.print(_table(outcome, seconds, title))
    for left_out in outcome.left_out:
        console.print(f"{left_out.table}: {left_out.why}", highlight=False, markup=False, soft_wrap=True)
    for check in outcome.failed_checks:
        partition = f" in {check.partition}" if check.partition else ""
        _print_failure(console, f"{check.table}: check {check.check} failed{partition}", check.description)
    for failure in outcome.failures:
        _print_failure(console, f"{failure.location}: {failure.what} failed", failure.why)


def _table(outcome: Outcome, seconds: float, title: str) -> Table:
    total = f"{len(outcome.tables)} tables in {seconds:.0f} s"
    table = Table(title=title, title_justify="left", caption=total, caption_justify="left")
    for column in ("location", "table", "layer"):
        table.add_column(column, overflow="fold")
    for column in ("rows", "rejected", "checks", "seconds"):
        table.add_column(column, justify="right")
    for outcome_of_table in outcome.tables:
        table.add_row(*_cells(outcome_of_table))
    return table


def _cells(table: TableOutcome) -> tuple[str, ...]:
    return (
        table.location,
        table.table,
        table.layer,
        _count(table.rows),
        _count(table.rejected),
        _checks(table),
        f"{table.seconds:.1f}" if table.partitions else "-",
    )


def _count(count: int | None) -> str:
    return "-" if count is None else f"{count:,}"


def _checks(table: TableOutcome) -> str:
    if not table.checks:
        return "-"
    parts = [f"[green]{table.passed} passed[/]"]
    if table.failures:
        parts.append(f"[red]{len(table.failures)} failed[/]")
    if table.warned:
        parts.append(f"[yellow]{table.warned} warned[/]")
    return ", ".join(parts)


def _print_failure(console: Console, what: str, why: str) -> None:
    console.print(f"[bold red]{escape(what)}[/]")
    lines = why.splitlines()
    for line in lines[:_LINES_OF_A_REASON]:
        # What a tool printed may hold the colours that it would have had on a terminal.
        console.print(Text("  ") + Text.from_ansi(line), soft_wrap=True)
    if len(lines) > _LINES_OF_A_REASON:
        console.print(f"  … and {len(lines) - _LINES_OF_A_REASON} lines more", highlight=False)
