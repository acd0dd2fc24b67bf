from collections.abc import Mapping
from typing import TYPE_CHECKING

from platform_contract.environment_variables import EnvironmentVariable

from databricks_delta.lakehouse.errors import EngineError

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient
    from databricks.sdk.config import Config

_HTTP_SECONDS = 60
_RETRY_SECONDS = 120


def workspace_client(settings: Mapping[EnvironmentVariable, str]) -> "WorkspaceClient":
    """A client that is signed in by a token or as a service principal, whatever else the environment says.

    Args:
        settings: what `DATABRICKS_REQUIREMENTS` asks for.

    Raises:
        EngineError: when the service principal is not let in.
    """
    from databricks.sdk import WorkspaceClient  # noqa: PLC0415 - a cloud client, which the laptop does not have

    config = _config(settings)
    try:
        config.authenticate()
    except ValueError as error:
        raise EngineError(
            "Renew the credential of this deployment, DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET: Databricks "
            f"does not let the service principal in.\n{config.host}: {error}"
        ) from None
    return WorkspaceClient(config=config)


def _config(settings: Mapping[EnvironmentVariable, str]) -> "Config":
    from databricks.sdk.config import Config  # noqa: PLC0415

    host = f"https://{settings[EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME]}"
    token = settings.get(EnvironmentVariable.DATABRICKS_TOKEN)
    return Config(
        host=host,
        auth_type="oauth-m2m" if token is None else "pat",
        token=token,
        client_id=settings.get(EnvironmentVariable.DATABRICKS_CLIENT_ID),
        client_secret=settings.get(EnvironmentVariable.DATABRICKS_CLIENT_SECRET),
        http_timeout_seconds=_HTTP_SECONDS,
        retry_timeout_seconds=_RETRY_SECONDS,
    )
