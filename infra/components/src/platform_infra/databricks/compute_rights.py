"""Who may use which compute, and which policies of it: rights apart from the privileges of Unity Catalog."""

from dataclasses import dataclass
from enum import StrEnum

from platform_contract.databricks_names import Group, Principal
from platform_contract.deployment import Deployment, Trait

from platform_infra.databricks.privileges_table import Grantee

USES_BUDGET_POLICY = "roles/budgetPolicy.user"


class Compute(StrEnum):
    """A piece of compute of a deployment, or a policy that its jobs run under."""

    SQL_WAREHOUSE = "sql_warehouse"
    CLUSTER_POLICY = "cluster_policy"
    BUDGET_POLICY = "budget_policy"


@dataclass(frozen=True, slots=True)
class ComputeRow:
    """Who may use (never manage) one piece of compute, and what for."""

    grantee: Grantee
    compute: Compute
    reason: str

    @property
    def level(self) -> str:
        """What Databricks calls the right to use it: the account keeps budget policies, the workspace the rest."""
        return USES_BUDGET_POLICY if self.compute is Compute.BUDGET_POLICY else "CAN_USE"


_STANDING = (
    ComputeRow(Group.ENGINEERS, Compute.SQL_WAREHOUSE, "queries every layer"),
    ComputeRow(Group.ANALYSTS, Compute.SQL_WAREHOUSE, "queries what is published"),
    ComputeRow(Group.PIPELINES, Compute.SQL_WAREHOUSE, "builds the tables"),
    ComputeRow(Group.PIPELINES, Compute.CLUSTER_POLICY, "runs heavy jobs on clusters of bounded cost"),
    ComputeRow(Group.PIPELINES, Compute.BUDGET_POLICY, "runs serverless jobs that the budget sees"),
)
_CONTINUOUS_INTEGRATION = (
    ComputeRow(Principal.CI, Compute.SQL_WAREHOUSE, "builds the tables of a pull request"),
    ComputeRow(Principal.CI, Compute.CLUSTER_POLICY, "runs a pull request's heavy jobs"),
    ComputeRow(Principal.CI, Compute.BUDGET_POLICY, "runs a pull request's serverless jobs"),
)


def compute_rights_of(deployment: Deployment) -> tuple[ComputeRow, ...]:
    """Every right of a deployment on its compute; a pull request has no compute of its own."""
    if deployment.has(Trait.PULL_REQUEST):
        return ()
    return (*_STANDING, *_CONTINUOUS_INTEGRATION) if deployment.has(Trait.HOSTS_PULL_REQUESTS) else _STANDING
