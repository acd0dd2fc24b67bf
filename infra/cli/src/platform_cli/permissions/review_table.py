from platform_infra.permissions.clouds import CloudAccess
from platform_infra.permissions.proof import Proof
from platform_infra.permissions.review import ReviewRow, ReviewSection, review
from platform_infra.permissions.right import Reason
from rich.console import Console
from rich.markup import escape
from rich.table import Table

_ABOVE_ALL = {
    "Snowflake": (
        "Besides these: SYSADMIN is above the roles of standing deployments, and the system roles own what they made. "
        "Whoever makes a table owns it."
    ),
    "Databricks": (
        "Besides these: whoever applies a standing stack owns its catalog and compute. Whoever makes a table owns it."
    ),
}


def print_review(console: Console, access: CloudAccess, stack: str) -> None:
    """Print who may do what where, and why."""
    table = Table(title=f"{access.cloud}, stack {stack}", title_justify="left", expand=True)
    for heading, share in (("who", 2), ("may", 2), ("where", 3), ("why", 4)):
        table.add_column(heading, ratio=share, overflow="fold")
    for section in review(access.graph, stack, access.justified):
        _add_section(table, section, stack)
    console.print(table)
    console.print(_ABOVE_ALL[access.cloud], soft_wrap=True)


def _add_section(table: Table, section: ReviewSection, stack: str) -> None:
    for number, row in enumerate(section.rows):
        who = f"[bold]{escape(section.holder)}[/]" if number == 0 else ""
        table.add_row(who, ", ".join(row.privileges), escape(f"{row.on} {row.name}"), _why(row, stack))
    table.add_section()


def _why(row: ReviewRow, stack: str) -> str:
    if row.stack != stack:
        return f"see stack {row.stack}"
    return escape("; ".join(map(_reason, row.reasons))) or "[red]nothing: an excess[/]"


def _reason(reason: Reason) -> str:
    if reason.owner is None:
        return f"{reason.pipeline}: {reason.text}"
    return f"extra of {reason.owner}: {reason.text}"


def print_proof(console: Console, cloud: str, proof: Proof) -> None:
    """Print what is missing and what is in excess, or that neither is."""
    for lacking in proof.missing:
        console.print(
            f"[red]missing[/] {escape(str(lacking.right))} ({escape(_reason(lacking.reason))})", soft_wrap=True
        )
    for grant in proof.excess:
        console.print(
            f"[red]excess[/]  {escape(str(grant.right))} (by {escape(grant.by)} of stack {grant.stack}): "
            "take the grant back, or declare who answers for it",
            soft_wrap=True,
        )
    if proof.holds:
        console.print(
            f"[green]✓[/] {cloud}: every need is met, and every grant is needed or answered for", soft_wrap=True
        )
