import shlex

import click
from platform_contract.dbt_environment import duckdb_environment, snowflake_environment
from platform_contract.deployment import Trait
from platform_contract.snowflake_names import SnowflakeNames

from platform_cli.workplace import Workplace, current_workplace


@click.command()
def environment() -> None:
    """Print what dbt and Dagster read about the deployment, as shell exports: eval "$(platform environment)".

    Names and paths only: account, user and key are set beside them, and never printed.
    """
    for name, value in _variables(current_workplace()).items():
        click.echo(f"export {name}={shlex.quote(value)}")


def _variables(workplace: Workplace) -> dict[str, str]:
    return workplace.environment | duckdb_environment(workplace.paths) | _cloud(workplace)


def _cloud(workplace: Workplace) -> dict[str, str]:
    if workplace.deployment.has(Trait.LAPTOP):
        return {}
    return snowflake_environment(SnowflakeNames(workplace.deployment))
