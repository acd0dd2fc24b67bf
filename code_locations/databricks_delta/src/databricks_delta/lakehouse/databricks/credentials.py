import os
from collections.abc import Mapping
from typing import Any

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import DATABRICKS_REQUIREMENTS, require_settings

type Settings = Mapping[EnvironmentVariable, str]


def databricks_settings(catalog: str) -> Settings:
    """Host, HTTP path and credential, from the environment.

    Raises:
        MissingSettingsError: naming all that are missing.
    """
    return require_settings(os.environ, DATABRICKS_REQUIREMENTS, f"the lakehouse in catalog {catalog}")


def sql_credentials(settings: Settings) -> dict[str, Any]:
    """What databricks-sql-connector signs in with: a token, or a service principal whose tokens it renews itself."""
    if EnvironmentVariable.DATABRICKS_TOKEN in settings:
        return {"access_token": settings[EnvironmentVariable.DATABRICKS_TOKEN]}
    from databricks.sdk.core import Config  # noqa: PLC0415 - a cloud client
    from databricks.sdk.credentials_provider import oauth_service_principal  # noqa: PLC0415

    # Whatever else the environment says of a sign-in, as on somebody's own machine, does not count.
    config = Config(
        host=f"https://{settings[EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME]}",
        client_id=settings[EnvironmentVariable.DATABRICKS_CLIENT_ID],
        client_secret=settings[EnvironmentVariable.DATABRICKS_CLIENT_SECRET],
        auth_type="oauth-m2m",
    )
    return {"credentials_provider": lambda: oauth_service_principal(config)}
