from pathlib import Path

from platform_contract.deployment import Deployment, Trait

from platform_infra.databricks.program import databricks_program
from platform_infra.recording.imagined_cloud import imagined_cloud
from platform_infra.recording.recorder import RecordedStack, run_program
from platform_infra.snowflake.program import snowflake_program
from platform_infra.stack_settings.stack_files import project_name, stack_files_config


def record_snowflake(infra: Path, deployment: Deployment) -> RecordedStack:
    """What the Snowflake program declares for a deployment, on the checkout's own stack files.

    Args:
        infra: the folder that holds the programs.
        deployment: a standing one or a pull request.

    Raises:
        StackSettingsError, GuardrailError: as the program itself does.
    """
    folder = infra / "snowflake"
    return run_program(
        snowflake_program,
        project_name(folder),
        deployment.name,
        stack_files_config(folder, deployment.name),
        imagined_cloud,
    )


def record_databricks(infra: Path, deployment: Deployment) -> RecordedStack:
    """What the Databricks program declares for a deployment once the cloud trusts the storage.

    Raises:
        StackSettingsError, GuardrailError: as the program itself does.
    """
    folder = infra / "databricks"
    project = project_name(folder)
    config = stack_files_config(folder, deployment.name) | _trusted(project, deployment)
    return run_program(databricks_program, project, deployment.name, config, imagined_cloud)


def _trusted(project: str, deployment: Deployment) -> dict[str, str]:
    """Before that there is neither catalog nor grant, and nothing to be proved."""
    if deployment.has(Trait.PULL_REQUEST):
        return {}
    return {f"{project}:storage_trust": "established"}
