import os
import sys
from pathlib import Path

import click
from platform_contract.demo_mode import check_demo_mode, default_demo_mode
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_runtime.platform_context import PlatformContext
from snowflake_medallion.dbt_engine import dbt_engine
from snowflake_medallion.dbt_manifest import MANIFEST
from snowflake_medallion.medallion_project import MedallionProject
from snowflake_medallion.slim_build import slim_build

from platform_cli.deployment_option import deployment_option
from platform_cli.workplace import workplace_of


@click.command()
@deployment_option
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with production's manifest.json; without one, everything is built.",
)
def build(*, deployment: Deployment, state: Path | None) -> None:
    """Build what a pull request changes in the dbt project, and all that depends on it. Exits with 1 when any fails."""
    demo_mode = default_demo_mode(os.environ)
    check_demo_mode(demo_mode, deployment, os.environ)
    workplace = workplace_of(deployment)
    # dbt's profile reads them too.
    os.environ[EnvironmentVariable.PLATFORM_DEPLOYMENT] = deployment.name
    os.environ[EnvironmentVariable.PLATFORM_LOCAL_ROOT] = str(workplace.paths.root)
    project = MedallionProject(workplace.checkout / "dbt_project", dbt_engine(PlatformContext(deployment, demo_mode)))
    found = state is not None and (state / MANIFEST).is_file()
    click.echo(f"Building what differs from {state}" if found else "No manifest to compare with: building everything")
    sys.exit(0 if slim_build(project, state) else 1)
