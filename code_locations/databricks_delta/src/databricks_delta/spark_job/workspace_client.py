from typing import TYPE_CHECKING

from platform_contract.environment_variables import EnvironmentVariable

from databricks_delta.lakehouse.databricks.credentials import Settings, workspace_config
from databricks_delta.lakehouse.databricks.failures import failure

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient


def workspace_client(settings: Settings) -> "WorkspaceClient":
    """A client that is signed in as `credentials` says.

    Args:
        settings: what `DATABRICKS_REQUIREMENTS` asks for.

    Raises:
        EngineError: when the principal is not let in; the first line says what to do.
    """
    from databricks.sdk import WorkspaceClient  # noqa: PLC0415 - a cloud client, which the laptop does not have

    try:
        config = workspace_config(settings)
        config.authenticate()
    except ValueError as error:
        raise failure(error, settings[EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME]) from None
    return WorkspaceClient(config=config)
