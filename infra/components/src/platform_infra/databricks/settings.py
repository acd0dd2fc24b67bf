from collections.abc import Mapping

from platform_contract.deployment import Deployment, DeploymentKind
from pydantic.dataclasses import dataclass

from platform_infra.databricks.cloud_storage import StorageTrust
from platform_infra.databricks.compute_settings import BudgetSettings, JobClusterSettings, SqlWarehouseSettings
from platform_infra.databricks.workspaces import ExistingIdentities, Workspace, Workspaces
from platform_infra.stack_settings.common_settings import CommonSettings
from platform_infra.stack_settings.errors import StackSettingsError
from platform_infra.stack_settings.typed_settings import SETTINGS, read_settings

_NOT_FOR_PULL_REQUESTS = ("budget", "job_clusters", "sql_warehouse", "storage_trust")


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class DatabricksSettings(CommonSettings):
    """All that a stack can say about the Databricks side of its deployment; what it leaves out is as stated here."""

    workspaces: Workspaces
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
    settings = read_settings(DatabricksSettings, values, project)
    workspace = settings.workspaces.of(deployment, project)
    contradiction = _contradiction(deployment, settings, workspace)
    if contradiction is not None:
        raise StackSettingsError(f"stack {deployment}, {project}:{contradiction}")
    return settings, workspace


def _contradiction(deployment: Deployment, settings: DatabricksSettings, workspace: Workspace) -> str | None:
    if workspace.storage.cloud is not settings.cloud:
        return f"cloud is {settings.cloud}, but the storage is in {workspace.storage.cloud}: one of the two is wrong"
    if settings.budget is not None and workspace.account_id is None:
        return "budget is kept by the account: set account_id beside the workspace, or remove the budget"
    if deployment.kind is DeploymentKind.DEV and _lacks_ci_principal(workspace):
        return (
            "workspaces.dev.identities name no ci_principal, which pull requests act as: "
            "set the application id of its service principal"
        )
    return None


def _lacks_ci_principal(workspace: Workspace) -> bool:
    return isinstance(workspace.identities, ExistingIdentities) and workspace.identities.ci_principal is None


def _refuse_what_belongs_elsewhere(deployment: Deployment, values: Mapping[str, object], project: str) -> None:
    stray = [key for key in _NOT_FOR_PULL_REQUESTS if key in values]
    if deployment.kind is DeploymentKind.PULL_REQUEST and stray:
        raise StackSettingsError(
            f"stack {deployment} cannot set {project}:{', '.join(stray)}: dev alone has them, "
            "and pull requests use dev's. Remove them"
        )
