from datetime import date, timedelta
from pathlib import Path

from platform_contract.deployment import Deployment

from platform_infra.databricks.settings import databricks_settings
from platform_infra.snowflake.settings import snowflake_settings
from platform_infra.stack_settings.common_settings import CommonSettings
from platform_infra.stack_settings.stack_config import project_config
from platform_infra.stack_settings.stack_files import project_name, stack_files_config


def planned_expiry(infra: Path, program: str, deployment: Deployment, today: date) -> date:
    """The last day on which a pull request's stack may stand without another update.

    Args:
        infra: the folder that holds the programs.
        program: `snowflake` or `databricks`.
        deployment: the pull request's deployment.
        today: the day of the update.

    Raises:
        StackSettingsError: as the program itself does.
    """
    settings = _settings(infra / program, program, deployment)
    return settings.expires_on or today + timedelta(days=settings.expires_after_days)


def _settings(folder: Path, program: str, deployment: Deployment) -> CommonSettings:
    project = project_name(folder)
    config = project_config(project, stack_files_config(folder, deployment.name), frozenset())
    if program == "snowflake":
        return snowflake_settings(deployment, config, project)
    return databricks_settings(deployment, config, project)[0]
