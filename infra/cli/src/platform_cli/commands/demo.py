import os
import sys
import time

import click
from platform_contract.demo_mode import default_demo_mode
from platform_contract.deployment import Trait
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError
from rich.console import Console

from platform_cli.console import make_console
from platform_cli.demo.all_locations import materialise_all
from platform_cli.demo.one_at_a_time import one_at_a_time
from platform_cli.demo.outcome import Outcome
from platform_cli.demo.summary import print_summary
from platform_cli.demo.work import ComputeAll
from platform_cli.landing import land_samples
from platform_cli.landing_report import describe_landing
from platform_cli.provisioning import provision
from platform_cli.published_code import publish_here
from platform_cli.workplace import Workplace, current_workplace


@click.command()
def demo() -> None:
    """Land the sample input and build every table of all code locations on this machine.

    Exits with 1 when a run, or a check of severity ERROR, fails.
    """
    _refuse_the_cloud()
    workplace = current_workplace()
    console = make_console()
    began = time.monotonic()
    provision(workplace)
    with one_at_a_time(workplace.paths.demo_lock):
        _land(workplace, console)
        outcome = materialise_all(workplace, ComputeAll(), console)
        if outcome.succeeded:
            publish_here(workplace.paths.published, outcome.loaded)
    print_summary(outcome, time.monotonic() - began, console, "What the demo built")
    _print_next_steps(workplace, outcome, console)
    sys.exit(0 if outcome.succeeded else 1)


def _refuse_the_cloud() -> None:
    if not default_demo_mode(os.environ):
        raise ContractError(
            f"the demo runs on this machine, but {EnvironmentVariable.PLATFORM_DEMO_MODE} is false: unset it here, "
            "or `platform materialise` what has landed in the cloud"
        )


def _land(workplace: Workplace, console: Console) -> None:
    for report in land_samples(workplace.checkout, workplace.paths.landing):
        console.print(describe_landing(report), highlight=False, soft_wrap=True)


def _print_next_steps(workplace: Workplace, outcome: Outcome, console: Console) -> None:
    if outcome.succeeded:
        for line in _next_steps(workplace):
            console.print(line, highlight=False, soft_wrap=True)
    else:
        console.print(f"What each code location printed is in {workplace.paths.logs}", soft_wrap=True)


def _next_steps(workplace: Workplace) -> list[str]:
    variable = EnvironmentVariable.PLATFORM_DEPLOYMENT
    is_local = workplace.deployment.has(Trait.LAPTOP)
    prefix = "" if is_local else f"{variable}={workplace.deployment} "
    steps = [
        f"The tables are in {workplace.paths.home}. What to do next:",
        f"  {prefix}make dev    the Dagster UI on http://localhost:3000: lineage, checks, and these runs",
        f"  {prefix}make demo   again: no row is there twice",
    ]
    return [*steps, f"  {variable}=pr-7 make demo   a separate copy under its own names"] if is_local else steps
