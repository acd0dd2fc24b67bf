import os
import sys
import time

import click
from platform_contract.clone_route import clone_route
from platform_contract.demo_mode import default_demo_mode
from platform_contract.deployment import Deployment
from platform_contract.errors import ContractError
from platform_contract.local_paths import LocalPaths

from platform_cli.console import make_console
from platform_cli.demo.all_locations import materialise_all
from platform_cli.demo.one_at_a_time import one_at_a_time
from platform_cli.demo.summary import print_summary
from platform_cli.demo.work import CloneAll
from platform_cli.deployment_option import deployment_option
from platform_cli.provisioning import provision, provision_home
from platform_cli.workplace import Workplace, workplace_of


@click.command()
@deployment_option
def clone(*, deployment: Deployment) -> None:
    """Copy production's tables into a pull request; on this machine those of `local`, which stands for production.

    Each table is copied whole or not at all, and a second clone copies them again. Exits with 1 when one fails.
    """
    demo_mode = default_demo_mode(os.environ)
    route = clone_route(deployment, demo_mode)
    workplace = workplace_of(deployment)
    console = make_console()
    began = time.monotonic()
    _prepare(workplace, LocalPaths(workplace.paths.root, route.source), demo_mode)
    with one_at_a_time(workplace.paths.demo_lock):
        outcome = materialise_all(workplace, CloneAll(), console)
    print_summary(outcome, time.monotonic() - began, console, f"Cloned from {route.source} into {route.target}")
    sys.exit(0 if outcome.succeeded else 1)


def _prepare(workplace: Workplace, source: LocalPaths, demo_mode: bool) -> None:
    if not demo_mode:
        provision_home(workplace)
    elif not source.home.is_dir():
        raise ContractError(f"{source.home} is not there, so there is nothing to clone: run `make demo` first")
    else:
        provision(workplace)
