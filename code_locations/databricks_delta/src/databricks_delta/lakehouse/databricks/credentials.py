"""Who this process is to the workspace: one whole alternative of those that the contract lists."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import DATABRICKS_REQUIREMENTS, require_settings

if TYPE_CHECKING:
    from databricks.sdk.config import Config

type Settings = Mapping[EnvironmentVariable, str]

_HTTP_SECONDS = 60
_RETRY_SECONDS = 120


def databricks_settings(catalog: str) -> Settings:
    """Host, HTTP path and credential, from the environment.

    Raises:
        MissingSettingsError: naming all that are missing.
    """
    return require_settings(os.environ, DATABRICKS_REQUIREMENTS, f"the lakehouse in catalog {catalog}")


def workspace_config(settings: Settings) -> "Config":
    """How every client of the workspace signs in; tokens are renewed as long as it is in use.

    Whatever else the environment says of a sign-in, as on somebody's own machine, does not count.

    Args:
        settings: what `DATABRICKS_REQUIREMENTS` asks for.

    Raises:
        ValueError: when a token that should be there is not, or the workspace does not let the principal in.
    """
    from databricks.sdk.config import Config  # noqa: PLC0415 - a cloud client, which the laptop does not have

    return Config(
        host=f"https://{settings[EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME]}",
        http_timeout_seconds=_HTTP_SECONDS,
        retry_timeout_seconds=_RETRY_SECONDS,
        **_sign_in(settings),
    )


def sql_credentials(settings: Settings) -> dict[str, Any]:
    """What databricks-sql-connector signs in with; it asks before each request."""
    config = workspace_config(settings)
    return {"credentials_provider": lambda: config.authenticate}


def _sign_in(settings: Settings) -> dict[str, Any]:
    token = settings.get(EnvironmentVariable.DATABRICKS_TOKEN)
    if token is not None:
        return {"auth_type": "pat", "token": token}
    client_id = settings[EnvironmentVariable.DATABRICKS_CLIENT_ID]
    secret = settings.get(EnvironmentVariable.DATABRICKS_CLIENT_SECRET)
    if secret is not None:
        return {"auth_type": "oauth-m2m", "client_id": client_id, "client_secret": secret}
    return {"client_id": client_id, **_federated(settings)}


def _federated(settings: Settings) -> dict[str, Any]:
    from databricks.sdk.oidc import EnvIdTokenSource, FileIdTokenSource  # noqa: PLC0415 - as above

    from databricks_delta.lakehouse.databricks.federation import FederatedSignIn  # noqa: PLC0415

    path = settings.get(EnvironmentVariable.DATABRICKS_OIDC_TOKEN_FILEPATH)
    if path is not None:
        strategy = FederatedSignIn("file-oidc", FileIdTokenSource(path))
    else:
        strategy = FederatedSignIn("env-oidc", EnvIdTokenSource(EnvironmentVariable.DATABRICKS_OIDC_TOKEN))
    return {"auth_type": strategy.auth_type(), "credentials_strategy": strategy}
