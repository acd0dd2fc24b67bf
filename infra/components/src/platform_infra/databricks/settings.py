from collections.abc import Mapping

from platform_contract.deployment import Deployment, Trait, deployments
from pydantic.dataclasses import dataclass

from platform_infra.databricks.cloud_storage import StorageTrust
from platform_infra.databricks.compute_settings import BudgetSettings, JobClusterSettings, SqlWarehouseSettings
from platform_infra.databricks.workspaces import ExistingIdentities, Workspace, Workspaces, overlapping
from platform_infra.stack_settings.common_settings import CommonSettings
from platform_infra.stack_settings.errors import StackSettingsError
from platform_infra.stack_settings.typed_settings import SETTINGS, read_settings

_NOT_FOR_PULL_REQUESTS = ("budget", "job_clusters", "sql_warehouse", "storage_trust", "workspace")
# Of a workspace, what two deployments may have in common: storage and identities are each one's own.
_SHARED = ("host", "workspace_id", "metastore_id", "account_id")


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class DatabricksSettings(CommonSettings):
    """All that a stack can say about the Databricks side of its deployment; what it leaves out is as stated here.

    `workspaces` say for every stack where the deployments live. A stack's file may say it of its own as `workspace`
    instead; host and ids then come from the deployment whose settings it shares, where it states none.
    """

    workspaces: Workspaces
    workspace: Workspace | None = None
    storage_trust: StorageTrust = StorageTrust.PENDING
    sql_warehouse: SqlWarehouseSettings = SqlWarehouseSettings()
    job_clusters: JobClusterSettings = JobClusterSettings()
    budget: BudgetSettings | None = None


def databricks_settings(
    deployment: Deployment, values: Mapping[str, object], project: str
) -> tuple[DatabricksSettings, Workspace]:
    """The typed settings of a stack, and the workspace that its deployment lives in.

    Args:
        deployment: the deployment that the stack is.
        values: name of the setting → value, as the stack's configuration has them.
        project: the Pulumi project, as the messages should name it.

    Raises:
        StackSettingsError: for a wrong or unknown setting, one that this kind of deployment cannot have, or settings
            that contradict each other.
    """
    _refuse_what_belongs_elsewhere(deployment, values, project)
    settings = read_settings(DatabricksSettings, _with_shared(deployment, values), project)
    workspace = _workspace(deployment, settings, project)
    contradiction = _contradiction(deployment, settings, workspace)
    if contradiction is not None:
        raise StackSettingsError(f"stack {deployment}, {project}:{contradiction}")
    return settings, workspace


def _with_shared(deployment: Deployment, values: Mapping[str, object]) -> Mapping[str, object]:
    """The values, in which a stack's own workspace is completed by what it shares with another deployment."""
    own, everywhere = values.get("workspace"), values.get("workspaces")
    if not isinstance(own, Mapping) or not isinstance(everywhere, Mapping):
        return values
    other = everywhere.get(deployment.shares_settings_of)
    shared = {key: other[key] for key in _SHARED if key in other} if isinstance(other, Mapping) else {}
    return {**values, "workspace": {**shared, **own}}


def _workspace(deployment: Deployment, settings: DatabricksSettings, project: str) -> Workspace:
    """Where a deployment lives: a pull request in the workspace of its host."""
    name = deployments().host.name if deployment.has(Trait.PULL_REQUEST) else deployment.name
    stated = settings.workspaces.get(name)
    if settings.workspace is not None and stated is not None:
        raise StackSettingsError(
            f"stack {deployment} has two workspaces, {project}:workspace and {project}:workspaces.{name}: remove one"
        )
    found = settings.workspace or stated
    if found is None:
        own = "" if deployment.has(Trait.PULL_REQUEST) else f", or {project}:workspace in Pulumi.{name}.yaml"
        raise StackSettingsError(
            f"stack {deployment} has no workspace: fill in {project}:workspaces.{name} in Pulumi.yaml{own}"
        )
    return found


def _contradiction(deployment: Deployment, settings: DatabricksSettings, workspace: Workspace) -> str | None:
    if workspace.storage.cloud is not settings.cloud:
        return f"cloud is {settings.cloud}, but the storage is in {workspace.storage.cloud}: one of the two is wrong"
    if settings.budget is not None and workspace.account_id is None:
        return "budget is kept by the account: set account_id beside the workspace, or remove the budget"
    if settings.workspace is not None:
        for name, other in settings.workspaces.items():
            problem = overlapping(deployment.name, workspace, name, other)
            if problem is not None:
                return f"workspace: {problem}"
    if deployment.has(Trait.HOSTS_PULL_REQUESTS) and _lacks_ci_principal(workspace):
        return (
            f"workspaces.{deployment}.identities name no ci_principal, which pull requests act as: "
            "set the application id of its service principal"
        )
    return None


def _lacks_ci_principal(workspace: Workspace) -> bool:
    return isinstance(workspace.identities, ExistingIdentities) and workspace.identities.ci_principal is None


def _refuse_what_belongs_elsewhere(deployment: Deployment, values: Mapping[str, object], project: str) -> None:
    stray = [key for key in _NOT_FOR_PULL_REQUESTS if key in values]
    if deployment.has(Trait.PULL_REQUEST) and stray:
        raise StackSettingsError(
            f"stack {deployment} cannot set {project}:{', '.join(stray)}: {deployments().host} alone has them, "
            "and pull requests use those. Remove them"
        )
