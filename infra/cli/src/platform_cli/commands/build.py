import os
import sys
from pathlib import Path

import click
from platform_contract.clone_route import clone_route
from platform_contract.demo_mode import check_demo_mode, default_demo_mode
from platform_contract.deployment import Deployment, Trait
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError
from platform_contract.local_paths import LocalPaths
from platform_runtime.platform_context import PlatformContext
from snowflake_medallion.dbt_engine import dbt_engine
from snowflake_medallion.dbt_manifest import MANIFEST
from snowflake_medallion.medallion_project import MedallionProject
from snowflake_medallion.slim_build import slim_build

from platform_cli.console import make_console
from platform_cli.demo.one_at_a_time import one_at_a_time
from platform_cli.deployment_option import deployment_option
from platform_cli.provisioning import provision, provision_home
from platform_cli.pull_requests.changed_lakehouse import build_changed_lakehouse
from platform_cli.workplace import Workplace, workplace_of


@click.command()
@deployment_option
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with what production published; without one, what its stand-in left here, and in the cloud nothing.",
)
def build(*, deployment: Deployment, state: Path | None) -> None:
    """Build here what a pull request changes, in dbt and in the lakehouse, and all that depends on it.

    It is compared with what production published; where that is not known, everything is built. The lakehouse is
    built for every month, from what was cloned, and only in a pull request. Exits with 1 when anything fails.
    """
    demo_mode = default_demo_mode(os.environ)
    check_demo_mode(demo_mode, deployment, os.environ)
    workplace = workplace_of(deployment)
    of_pull_request = deployment.has(Trait.PULL_REQUEST)
    compared = _left_by_local(workplace) if state is None and demo_mode and of_pull_request else state
    _prepare(workplace, demo_mode)
    with one_at_a_time(workplace.paths.demo_lock):
        built = _build_with_dbt(workplace, demo_mode, compared)
        if of_pull_request:
            built = build_changed_lakehouse(workplace, compared, make_console()) and built
    sys.exit(0 if built else 1)


def _left_by_local(workplace: Workplace) -> Path:
    """What stands for the folder that production published, and a refusal where nothing has been cloned from it."""
    route = clone_route(workplace.deployment, demo_mode=True)
    if not workplace.paths.home.is_dir():
        raise ContractError(
            f"{workplace.paths.home} is not there, so there is nothing to build on: run `make demo`, "
            f"then `make clone DEPLOYMENT={route.target}`"
        )
    return LocalPaths(workplace.paths.root, route.source).published


def _prepare(workplace: Workplace, demo_mode: bool) -> None:
    prepare = provision if demo_mode else provision_home
    prepare(workplace)


def _build_with_dbt(workplace: Workplace, demo_mode: bool, state: Path | None) -> bool:
    # dbt's profile reads them too.
    os.environ[EnvironmentVariable.PLATFORM_DEPLOYMENT] = workplace.deployment.name
    os.environ[EnvironmentVariable.PLATFORM_LOCAL_ROOT] = str(workplace.paths.root)
    platform = PlatformContext(workplace.deployment, demo_mode)
    project = MedallionProject(workplace.checkout / "dbt_project", dbt_engine(platform))
    found = state is not None and (state / MANIFEST).is_file()
    click.echo(f"Building what differs from {state}" if found else "No manifest to compare with: building everything")
    return slim_build(project, state)
