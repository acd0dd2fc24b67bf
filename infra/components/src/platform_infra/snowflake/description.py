"""The deployment in Snowflake as plain data: the stack output that reports of cost and permissions read."""

from typing import Any

from platform_infra.snowflake.arguments import (
    AccountRoleArgs,
    DatabaseArgs,
    DatabaseRoleArgs,
    ServiceUserArgs,
    WarehouseArgs,
)
from platform_infra.snowflake.plan import SnowflakePlan

VERSION = 1


def describe(plan: SnowflakePlan) -> dict[str, Any]:
    """Everything that the plan makes, JSON-able.

    `version` changes when a key changes its meaning. Times are in seconds, retention in days, quotas in credits a
    period; `credit_quota` and `max_clusters` bound what a warehouse can cost.
    """
    return {
        "version": VERSION,
        "deployment": plan.deployment.name,
        "edition": plan.settings.edition.value,
        "cloud": plan.settings.cloud.value,
        "region": plan.settings.region,
        "warehouses": [_warehouse(one) for one in plan.warehouses],
        "databases": [_database(one) for one in plan.databases],
        "database_roles": [_database_role(one) for one in plan.database_roles],
        "account_roles": [_account_role(one) for one in plan.account_roles],
        "users": [_user(one) for one in plan.users],
        "allowed_cidrs": list(plan.settings.allowed_cidrs),
        "notify_users": list(plan.settings.notify_users),
        "account_budget_credits": None
        if plan.settings.account_budget is None
        else plan.settings.account_budget.credits,
    }


def _warehouse(args: WarehouseArgs) -> dict[str, Any]:
    settings, monitor = args.settings, args.settings.monitor
    return {
        "name": args.name,
        "size": settings.size.value,
        "max_clusters": settings.max_clusters,
        "auto_suspend_seconds": settings.auto_suspend_seconds,
        "monitor": args.monitor_name,
        "credit_quota": monitor.credit_quota,
        "frequency": monitor.frequency.value,
        "suspend_percent": monitor.suspend_percent,
        "suspend_immediately_percent": monitor.suspend_immediately_percent,
    }


def _database(args: DatabaseArgs) -> dict[str, Any]:
    schemas = [
        {
            "name": schema.name,
            "layer": schema.layer.value,
            "transient": schema.transient,
            "retention_days": schema.retention_days,
            "stage": schema.stage,
        }
        for schema in args.schemas
    ]
    return {"name": args.name, "transient": args.transient, "protected": args.protect, "schemas": schemas}


def _database_role(args: DatabaseRoleArgs) -> dict[str, Any]:
    return {
        "database": args.database,
        "name": args.name,
        "schema": args.schema,
        "privileges": {row.on.value: [privilege.value for privilege in row.privileges] for row in args.privileges},
    }


def _account_role(args: AccountRoleArgs) -> dict[str, Any]:
    return {
        "name": args.name,
        "parent": args.parent,
        "database_roles": [".".join(role) for role in args.database_roles],
        "holds": list(args.holds),
        "held_by": list(args.held_by),
        "watches": args.watches is not None,
        "warehouses": list(args.warehouses),
        "passes_on": list(args.passes_on),
        "account": [privilege.value for privilege in args.account],
    }


def _user(args: ServiceUserArgs) -> dict[str, Any]:
    return {
        "name": args.name,
        "roles": list(args.roles),
        "default_role": args.default_role,
        "default_warehouse": args.default_warehouse,
        "signs_in_by": None if args.sign_in is None else args.sign_in.kind,
    }
