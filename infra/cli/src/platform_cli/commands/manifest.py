import os
import shutil
from pathlib import Path

import click
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.snowflake_names import SnowflakeNames

from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.published_code import CODE_VERSIONS, LAKEHOUSE, MANIFEST, write_code_versions
from platform_cli.workplace import Workplace, workplace_of


@click.command()
@deployment_option
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for it.")
def manifest(*, deployment: Deployment, into: Path) -> None:
    """Write what later changes are compared with: a deployment's dbt manifest, and the lakehouse's code versions.

    Signs in nowhere.
    """
    workplace = workplace_of(deployment)
    into.mkdir(parents=True, exist_ok=True)
    shutil.copy(_parsed_for_snowflake(workplace), into / MANIFEST)
    write_code_versions(into, _code_versions(workplace))
    click.echo(f"the manifest of {deployment} is in {into / MANIFEST}, the code versions in {into / CODE_VERSIONS}")


def _parsed_for_snowflake(workplace: Workplace) -> Path:
    # dbt takes a second to import, and `--help` needs none of it.
    from snowflake_medallion.dbt_engine import SnowflakeEngine  # noqa: PLC0415
    from snowflake_medallion.dbt_manifest import prepare_manifest  # noqa: PLC0415

    engine = SnowflakeEngine(SnowflakeNames(workplace.deployment), workplace.paths.dbt_state)
    return prepare_manifest(workplace.checkout / "dbt_project", engine) / MANIFEST


def _code_versions(workplace: Workplace) -> dict[str, str]:
    from platform_cli.demo.code_location import load_location  # noqa: PLC0415 - imports Dagster

    os.environ[EnvironmentVariable.PLATFORM_DEPLOYMENT] = workplace.deployment.name
    return load_location(workplace.workspace_file, LAKEHOUSE).code_versions
