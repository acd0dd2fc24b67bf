from pathlib import Path

from platform_contract.deployment import Deployment
from platform_contract.domain import Engine
from platform_contract.domains import domains_on

from platform_infra.cost.bound import Description
from platform_infra.databricks import description as databricks_description
from platform_infra.databricks.plan import databricks_plan
from platform_infra.databricks.settings import databricks_settings
from platform_infra.snowflake import description as snowflake_description
from platform_infra.snowflake.plan import snowflake_plan
from platform_infra.snowflake.settings import snowflake_settings
from platform_infra.stack_settings.stack_config import project_config
from platform_infra.stack_settings.stack_files import project_name, stack_files_config


def planned_snowflake(infra: Path, deployment: Deployment) -> Description:
    """A deployment in Snowflake as its stack files have it now.

    Raises:
        StackSettingsError: as the program itself does.
    """
    project, config = _settings(infra / "snowflake", deployment)
    settings = snowflake_settings(deployment, config, project)
    return snowflake_description.describe(snowflake_plan(deployment, settings, domains_on(Engine.SNOWFLAKE)))


def planned_databricks(infra: Path, deployment: Deployment) -> Description:
    """A deployment in Databricks as its stack files have it now.

    Raises:
        StackSettingsError: as the program itself does.
    """
    project, config = _settings(infra / "databricks", deployment)
    settings, workspace = databricks_settings(deployment, config, project)
    return databricks_description.describe(databricks_plan(deployment, settings, workspace))


def _settings(folder: Path, deployment: Deployment) -> tuple[str, dict[str, object]]:
    project = project_name(folder)
    return project, project_config(project, stack_files_config(folder, deployment.name), frozenset())
