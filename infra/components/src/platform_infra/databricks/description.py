"""The deployment in Databricks as plain data: the stack output that reports of cost and permissions read."""

from typing import Any

from platform_contract.deployment import Trait, deployments
from platform_contract.table_upkeep import TableUpkeep

from platform_infra.databricks.arguments import BudgetArgs, CatalogArgs, ClusterPolicyArgs, SqlWarehouseArgs
from platform_infra.databricks.compute_rights import ComputeRow
from platform_infra.databricks.plan import DatabricksPlan
from platform_infra.databricks.privileges_table import PrivilegeRow

VERSION = 1

_SERVERLESS_JOBS = "serverless jobs"
_PREDICTIVE_OPTIMIZATION = "predictive optimization of the tables, which no budget by tags sees"


def describe(plan: DatabricksPlan) -> dict[str, Any]:
    """Everything that bounds cost and grants power in the plan, JSON-able.

    `version` changes when a key changes its meaning. A grantee is a kind of group or principal, whatever its name in
    this account; `owner` says what it may do besides: whoever makes a catalog may do anything in it. `max_clusters`
    and `max_dbus_per_hour` bound what compute can cost; a budget only tells, and what is `uncapped` nothing bounds.
    """
    return {
        "version": VERSION,
        "deployment": plan.deployment.name,
        "cloud": plan.settings.cloud.value,
        "region": plan.settings.region,
        "storage_root": plan.workspace.storage.root,
        "storage_trust": None if plan.storage is None else plan.storage.trust.value,
        "catalogs": [] if plan.catalog is None else [_catalog(plan.catalog)],
        "sql_warehouses": [] if plan.sql_warehouse is None else [_sql_warehouse(plan.sql_warehouse)],
        "cluster_policies": [] if plan.cluster_policy is None else [_cluster_policy(plan.cluster_policy)],
        "budget": None if plan.budget is None else _budget(plan.budget),
        "budget_policy": None if plan.budget_policy is None else plan.budget_policy.name,
        "uncapped": _uncapped(plan),
        "grantees": {grantee.value: name for grantee, name in plan.grantees.items()},
        "privileges": [_privileges(row) for row in plan.privileges],
        "compute_rights": [_compute_right(row) for row in plan.compute_rights],
    }


def _catalog(args: CatalogArgs) -> dict[str, Any]:
    return {
        "name": args.name,
        "storage_root": args.storage_root,
        "owner": "whoever applies the stack",
        "protected": args.protect,
        "schemas": {schema.name: [volume.name for volume in schema.volumes] for schema in args.schemas},
        "shared_with": [{"workspace_id": one.workspace_id, "access": one.access} for one in args.shared_with],
    }


def _sql_warehouse(args: SqlWarehouseArgs) -> dict[str, Any]:
    return {
        "name": args.name,
        "size": args.settings.size.value,
        "serverless": args.settings.serverless,
        "max_clusters": args.settings.max_clusters,
        "auto_stop_minutes": args.settings.auto_stop_minutes,
    }


def _cluster_policy(args: ClusterPolicyArgs) -> dict[str, Any]:
    return {
        "name": args.name,
        "max_workers": args.settings.max_workers,
        "max_dbus_per_hour": args.settings.max_dbus_per_hour,
        "max_clusters_per_user": args.settings.max_clusters_per_user,
        "node_types": list(args.settings.node_types_in(args.cloud)),
    }


def _budget(args: BudgetArgs) -> dict[str, Any]:
    return {"name": args.name, "monthly_usd": args.settings.monthly_usd}


def _uncapped(plan: DatabricksPlan) -> list[str]:
    """What the deployment may use without anything here bounding it, and whether the budget sees it at least."""
    optimized = plan.catalog is not None and plan.catalog.upkeep is TableUpkeep.PREDICTIVE_OPTIMIZATION
    return ["storage", _serverless_jobs(plan), *([_PREDICTIVE_OPTIMIZATION] if optimized else [])]


def _serverless_jobs(plan: DatabricksPlan) -> str:
    if plan.deployment.has(Trait.PULL_REQUEST):
        return f"{_SERVERLESS_JOBS}, which {deployments().host}'s budget sees"
    if plan.budget_policy is None:
        return f"{_SERVERLESS_JOBS}, which no budget sees: set account_id beside the workspace"
    if plan.budget is None:
        return f"{_SERVERLESS_JOBS}, tagged by policy {plan.budget_policy.name}"
    return f"{_SERVERLESS_JOBS}, which budget {plan.budget.name} sees by policy {plan.budget_policy.name}"


def _privileges(row: PrivilegeRow) -> dict[str, Any]:
    return {
        "grantee": row.grantee.value,
        "securable": row.securable.kind.value,
        "name": row.securable.name,
        "privileges": [privilege.value for privilege in row.privileges],
        "reason": row.reason,
    }


def _compute_right(row: ComputeRow) -> dict[str, Any]:
    return {"grantee": row.grantee.value, "compute": row.compute.value, "level": row.level, "reason": row.reason}
