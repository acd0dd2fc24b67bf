import os
import sys
import time

import click
from platform_contract.demo_mode import check_demo_mode, default_demo_mode

from platform_cli.console import make_console
from platform_cli.demo.all_locations import materialise_all
from platform_cli.demo.one_at_a_time import one_at_a_time
from platform_cli.demo.summary import print_summary
from platform_cli.demo.work import ComputeAll
from platform_cli.provisioning import provision, provision_home
from platform_cli.published_code import publish_here
from platform_cli.workplace import current_workplace


@click.command()
def materialise() -> None:
    """Build every table of all code locations from what has landed, in runs of this machine.

    The engines are those of the deployment: with PLATFORM_DEMO_MODE=false the runs are here and the tables in the
    clouds, which is how a deployment is filled, or tried, before Dagster+ serves it. Exits with 1 when a run, or a
    check of severity ERROR, fails.
    """
    workplace = current_workplace()
    demo_mode = default_demo_mode(os.environ)
    check_demo_mode(demo_mode, workplace.deployment, os.environ)
    console = make_console()
    began = time.monotonic()
    prepare = provision if demo_mode else provision_home
    prepare(workplace)
    with one_at_a_time(workplace.paths.demo_lock):
        outcome = materialise_all(workplace, ComputeAll(), console)
        if outcome.succeeded and demo_mode:
            publish_here(workplace.paths.published, outcome.loaded)
    print_summary(outcome, time.monotonic() - began, console, f"What deployment {workplace.deployment} holds now")
    if not outcome.succeeded:
        console.print(f"What each code location printed is in {workplace.paths.logs}", soft_wrap=True)
    sys.exit(0 if outcome.succeeded else 1)
