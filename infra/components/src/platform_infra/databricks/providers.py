from dataclasses import dataclass

import pulumi_databricks as databricks

from platform_infra.databricks.workspaces import Workspace
from platform_infra.stack_settings.common_settings import Cloud

# How long a call that is answered with 429, or not at all, is asked again: an account counts calls by the minute, and a
# stack of this size may meet its limits more than once. And how long one call may take to be answered.
_RETRY_SECONDS = 300
_HTTP_SECONDS = 60

_ACCOUNT_CONSOLE = {
    Cloud.AWS: "https://accounts.cloud.databricks.com",
    Cloud.AZURE: "https://accounts.azuredatabricks.net",
    Cloud.GCP: "https://accounts.gcp.databricks.com",
}


@dataclass(frozen=True, slots=True)
class Providers:
    """The workspace, and the account where the stack makes something in it."""

    workspace: databricks.Provider
    account: databricks.Provider | None


def workspace_provider(workspace: Workspace) -> Providers:
    """The provider of a stack that makes nothing in the account."""
    return Providers(_in_workspace(workspace), None)


def workspace_and_account_providers(workspace: Workspace) -> Providers:
    """The providers of a stack that makes things in the workspace and in its account."""
    account = databricks.Provider(
        "account",
        host=_ACCOUNT_CONSOLE[workspace.storage.cloud],
        account_id=str(workspace.account_id),
        retry_timeout_seconds=_RETRY_SECONDS,
        http_timeout_seconds=_HTTP_SECONDS,
    )
    return Providers(_in_workspace(workspace), account)


def _in_workspace(workspace: Workspace) -> databricks.Provider:
    return databricks.Provider(
        "workspace",
        host=workspace.host,
        retry_timeout_seconds=_RETRY_SECONDS,
        http_timeout_seconds=_HTTP_SECONDS,
    )
