"""What the principal that applies a standing stack has to be: none of these administrators is any other."""

from dataclasses import dataclass
from enum import StrEnum


class AdminRole(StrEnum):
    """A kind of administrator in Databricks."""

    ACCOUNT_ADMIN = "account admin"
    METASTORE_ADMIN = "metastore admin"
    WORKSPACE_ADMIN = "workspace admin"
    BILLING_ADMIN = "billing admin"


@dataclass(frozen=True, slots=True)
class DeployRole:
    """A role, and what a stack makes that takes it."""

    role: AdminRole
    needed_for: str


DEPLOY_ROLES = (
    DeployRole(AdminRole.ACCOUNT_ADMIN, "groups, principals, who is let into the workspace, the budget"),
    DeployRole(AdminRole.METASTORE_ADMIN, "external location, catalog and their bindings"),
    DeployRole(AdminRole.WORKSPACE_ADMIN, "cluster policy, SQL warehouse and who may use them; the budget policy"),
    DeployRole(AdminRole.BILLING_ADMIN, "the budget policy, once its list of users says who manages it: nobody"),
)
