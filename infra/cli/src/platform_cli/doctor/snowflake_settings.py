from pathlib import Path

from platform_contract.deployment import Deployment
from platform_infra.snowflake.settings import SnowflakeSettings, snowflake_settings
from platform_infra.stack_settings.stack_config import project_config
from platform_infra.stack_settings.stack_files import project_name, stack_files_config


def read_snowflake_settings(program: Path, deployment: Deployment) -> SnowflakeSettings:
    """The Snowflake settings of a deployment, as its stack files have them.

    Raises:
        StackSettingsError: as the program itself does.
    """
    project = project_name(program)
    return snowflake_settings(
        deployment, project_config(project, stack_files_config(program, deployment.name), frozenset()), project
    )
