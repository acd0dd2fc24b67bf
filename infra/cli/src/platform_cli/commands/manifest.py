import os
import shutil
from pathlib import Path

import click
from platform_contract.deployment import Deployment
from platform_contract.local_paths import LocalPaths, checkout, local_root
from platform_contract.snowflake_names import SnowflakeNames

from platform_cli.dagster_plus.hosted_deployment import deployment_option


@click.command()
@deployment_option
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for it.")
def manifest(*, deployment: Deployment, into: Path) -> None:
    """Write the dbt manifest of a deployment in Snowflake, which later changes are compared with. Signs in nowhere."""
    # dbt takes a second to import, and `--help` needs none of it.
    from snowflake_medallion.dbt_engine import SnowflakeEngine  # noqa: PLC0415
    from snowflake_medallion.dbt_manifest import MANIFEST, prepare_manifest  # noqa: PLC0415

    here = Path.cwd()
    paths = LocalPaths(local_root(os.environ, here), deployment)
    engine = SnowflakeEngine(SnowflakeNames(deployment), paths.dbt_state)
    parsed = prepare_manifest(checkout(here) / "dbt_project", engine) / MANIFEST
    into.mkdir(parents=True, exist_ok=True)
    shutil.copy(parsed, into / MANIFEST)
    click.echo(f"the manifest of {deployment} is in {into / MANIFEST}")
