import sys

import click
from rich.console import Console
from rich.markup import escape

from platform_cli.console import make_console
from platform_cli.doctor.check import Check, Finding, Health
from platform_cli.doctor.laptop_checks import cloud_setting_checks, laptop_checks
from platform_cli.workplace import current_workplace

_MARKS = {Health.RIGHT: "[green]✓[/]", Health.WARNING: "[yellow]![/]", Health.PROBLEM: "[red]✗[/]"}


@click.command()
def doctor() -> None:
    """Say what is right on this machine and what is missing, with the remedy. Changes nothing.

    Exits with 1 when something will not work as it is.
    """
    workplace = current_workplace()
    console = make_console()
    healths = [_report(console, check) for check in (*laptop_checks(workplace), *cloud_setting_checks())]
    sys.exit(1 if Health.PROBLEM in healths else 0)


def _report(console: Console, check: Check) -> Health:
    finding = check.examine()
    console.print(_line(check, finding), highlight=False, soft_wrap=True)
    return finding.health


def _line(check: Check, finding: Finding) -> str:
    remedy = f"\n    → {escape(finding.remedy)}" if finding.remedy else ""
    return f"{_MARKS[finding.health]} {check.subject:20} {escape(finding.found)}{remedy}"
