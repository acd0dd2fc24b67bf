from collections.abc import Mapping
from urllib.parse import urlsplit

from tests.fakes.pulumi_provider.call_log import Operation
from tests.fakes.pulumi_provider.cloud import Cloud, Request
from tests.fakes.pulumi_provider.databricks.account import ApiSession, DatabricksAccount, Level
from tests.fakes.pulumi_provider.databricks.budget import Budget
from tests.fakes.pulumi_provider.databricks.budget_policy import BudgetPolicy, RuleSet
from tests.fakes.pulumi_provider.databricks.compute import ClusterPolicy, SqlWarehouse
from tests.fakes.pulumi_provider.databricks.grants import Grant, Grants
from tests.fakes.pulumi_provider.databricks.identity import (
    FederationPolicy,
    Group,
    GroupMember,
    PermissionAssignment,
    ServicePrincipal,
    ServicePrincipalSecret,
)
from tests.fakes.pulumi_provider.databricks.lookups import lookups
from tests.fakes.pulumi_provider.databricks.permissions import Permissions
from tests.fakes.pulumi_provider.databricks.required_authority import require_authority
from tests.fakes.pulumi_provider.databricks.storage import ExternalLocation, StorageCredential
from tests.fakes.pulumi_provider.databricks.store import LakehouseStore
from tests.fakes.pulumi_provider.databricks.tokens import SQL_ENDPOINT
from tests.fakes.pulumi_provider.databricks.unity_objects import Catalog, Schema, Volume
from tests.fakes.pulumi_provider.databricks.workspace_binding import WorkspaceBinding
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError
from tests.fakes.pulumi_provider.resource_facts import Block, Scalar

_KINDS = (
    Budget,
    BudgetPolicy,
    Catalog,
    ClusterPolicy,
    ExternalLocation,
    FederationPolicy,
    Grant,
    Grants,
    Group,
    GroupMember,
    PermissionAssignment,
    Permissions,
    RuleSet,
    Schema,
    ServicePrincipal,
    ServicePrincipalSecret,
    SqlWarehouse,
    StorageCredential,
    Volume,
    WorkspaceBinding,
)

# The provider's own settings, by name; a program that passes a credential here would find it in its state.
_PROVIDER_INPUTS = (
    "accountId",
    "authType",
    "azureTenantId",
    "azureWorkspaceResourceId",
    "clientId",
    "clientSecret",
    "googleServiceAccount",
    "host",
    "httpTimeoutSeconds",
    "password",
    "profile",
    "rateLimit",
    "retryTimeoutSeconds",
    "token",
    "username",
    "workspaceId",
)


# What the provider does unless it is told otherwise, in seconds.
_RETRY_SECONDS = 300
_WAREHOUSE_TIMEOUT = 30 * 60
_SDK_WAITS = 20 * 60


class DatabricksCloud(Cloud[ApiSession]):
    """A Databricks account behind the `databricks` provider."""

    name = "databricks"
    version = "1.118.0"
    provider_inputs = Block({name: Scalar("string") for name in _PROVIDER_INPUTS}, ())

    def __init__(self, workspaces: Mapping[str, str], store: LakehouseStore) -> None:
        self.account = DatabricksAccount(workspaces, store)
        super().__init__(self.account, [kind(self.account) for kind in _KINDS], lookups(self.account))

    def sign_in(self, config: Properties) -> ApiSession:
        """A session with the account console or a workspace, as the host says."""
        host = str(config.get("host") or next(iter(self.account.workspaces)))
        name = urlsplit(host).netloc or host
        retry = int(config.get("retryTimeoutSeconds") or _RETRY_SECONDS)
        if name.startswith("accounts."):
            if not config.get("accountId"):
                raise CloudError(f"signing in to {name} needs an account id")
            return ApiSession(Level.ACCOUNT, "", str(config["accountId"]), retry)
        if name not in self.account.workspaces:
            raise CloudError(f"there is no workspace {name}: known are {', '.join(self.account.workspaces)}")
        return ApiSession(Level.WORKSPACE, self.account.workspaces[name], "", retry)

    def precede(
        self, operation: Operation, request: Request[ApiSession], inputs: Properties, found: CloudObject | None
    ) -> None:
        self._require_answer(request.session)
        require_authority(self.account, operation, request, inputs, found)
        if (operation, request.token) == (Operation.CREATE, SQL_ENDPOINT):
            self._require_running(request)

    def _require_answer(self, session: ApiSession) -> None:
        """What is answered with 429 is asked again, until `retry_timeout_seconds` have passed (databricks-sdk-go)."""
        throttled, self.account.throttled = self.account.throttled, 0
        if throttled > session.retry_seconds:
            raise CloudError(f"timed out after {session.retry_seconds} s: 429 Too Many Requests")

    def _require_running(self, request: Request[ApiSession]) -> None:
        """The provider waits for a new warehouse to run, and deletes one that does not (sql/resource_sql_endpoint.go).

        It waits as long as its SDK, and no longer than the resource's own time-out, half an hour if none is stated.
        """
        patience = min(request.timeout or _WAREHOUSE_TIMEOUT, _SDK_WAITS)
        if self.account.warehouse_start > patience:
            raise CloudError(f"failed waiting for warehouse to start: timed out after {patience:g} s")

    def owner(self, session: ApiSession) -> str:
        return session.level.value
