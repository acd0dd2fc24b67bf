from rich.console import Console
from rich.markup import escape
from rich.table import Table

from platform_cli.demo.outcome import Outcome, TableOutcome


def print_summary(outcome: Outcome, console: Console) -> None:
    """Print a line for each table, then every failure with its reason."""
    console.print(_table(outcome))
    for check in outcome.failed_checks:
        partition = f" in {check.partition}" if check.partition else ""
        _print_failure(console, f"{check.table}: check {check.check} failed{partition}", check.description)
    for failure in outcome.failures:
        _print_failure(console, f"{failure.location}: {failure.what} failed", failure.why)


def _table(outcome: Outcome) -> Table:
    table = Table(title="What the demo built", title_justify="left")
    for column in ("location", "table", "layer"):
        table.add_column(column)
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
    for line in why.splitlines():
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
