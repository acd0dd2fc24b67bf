import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from platform_contract.deployment import Deployment
from platform_contract.local_paths import checkout, local_root
from rich.console import Console
from rich.markup import escape

from platform_cli.console import make_console
from platform_cli.doctor.check import Check, Finding, Health
from platform_cli.doctor.laptop_checks import cloud_setting_checks, laptop_checks
from platform_cli.stacks.stack_option import StackName
from platform_cli.workplace import current_workplace

_MARKS = {Health.RIGHT: "[green]✓[/]", Health.WARNING: "[yellow]![/]", Health.PROBLEM: "[red]✗[/]"}


@click.command()
@click.option("--stack", type=StackName(), help="Look at what it takes to bring this stack up instead.")
def doctor(*, stack: Deployment | None) -> None:
    """Say what is right on this machine and what is missing, with the remedy. Changes nothing.

    Exits with 1 when something will not work as it is.
    """
    checks = _laptop() if stack is None else _stack(stack)
    console = make_console()
    healths = [_report(console, check) for check in checks]
    sys.exit(1 if Health.PROBLEM in healths else 0)


def _laptop() -> Sequence[Check]:
    return (*laptop_checks(current_workplace()), *cloud_setting_checks())


def _stack(stack: Deployment) -> Sequence[Check]:
    # Reads settings with Pulumi's own SDK, which the demo does not have.
    from platform_cli.doctor.stack_checks import stack_checks  # noqa: PLC0415

    here = Path.cwd()
    return stack_checks(checkout(here), stack, local_root(os.environ, here))


def _report(console: Console, check: Check) -> Health:
    finding = check.examine()
    console.print(_line(check, finding), highlight=False, soft_wrap=True)
    return finding.health


def _line(check: Check, finding: Finding) -> str:
    remedy = f"\n    → {escape(finding.remedy)}" if finding.remedy else ""
    return f"{_MARKS[finding.health]} {check.subject:20} {escape(finding.found)}{remedy}"
