from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_snowflake as snowflake

from platform_infra.snowflake.arguments import WarehouseArgs
from platform_infra.snowflake.snowflake_component import SnowflakeComponent
from platform_infra.snowflake.warehouse_settings import MonitorSettings


class Warehouse(SnowflakeComponent[WarehouseArgs]):
    """A warehouse that sleeps when idle, and the monitor that stops it when its budget is spent."""

    type_token = "platform:snowflake:Warehouse"  # noqa: S105 - a resource type, not a secret

    monitor: snowflake.ResourceMonitor
    warehouse: snowflake.Warehouse

    def declare(self, name: str, args: WarehouseArgs) -> Mapping[str, Any]:
        """Make the monitor, then the warehouse under it."""
        options = self.child(provider=self.providers.account)
        self.monitor = snowflake.ResourceMonitor(
            name,
            name=args.monitor_name,
            opts=options,
            **_monitor_inputs(args.settings.monitor),
            **_notified(args.notify_users),
        )
        self.warehouse = snowflake.Warehouse(
            name,
            name=args.name,
            comment=args.comment,
            warehouse_type="STANDARD",
            warehouse_size=args.settings.size,
            auto_suspend=args.settings.auto_suspend_seconds,
            auto_resume="true",
            initially_suspended=True,
            statement_timeout_in_seconds=args.settings.statement_timeout_seconds,
            statement_queued_timeout_in_seconds=args.settings.queue_timeout_seconds,
            resource_monitor=self.monitor.name,
            opts=options,
            **_cluster_inputs(args),
        )
        return {"name": self.warehouse.name, "monitor": self.monitor.name}


def _monitor_inputs(settings: MonitorSettings) -> dict[str, Any]:
    inputs: dict[str, Any] = {
        "credit_quota": settings.credit_quota,
        "notify_triggers": list(settings.notify_percents),
        "suspend_trigger": settings.suspend_percent,
        "suspend_immediate_trigger": settings.suspend_immediately_percent,
    }
    if settings.starts_on is not None:
        # Left out, Snowflake counts by calendar month; stated, each needs the other.
        inputs |= {"frequency": settings.frequency, "start_timestamp": f"{settings.starts_on.isoformat()} 00:00"}
    return inputs


def _notified(users: tuple[str, ...]) -> dict[str, Any]:
    return {"notify_users": list(users)} if users else {}


def _cluster_inputs(args: WarehouseArgs) -> dict[str, pulumi.Input[Any]]:
    """Only an edition that has multi-cluster warehouses takes these inputs at all."""
    if not args.edition.has_enterprise_features:
        return {}
    return {"min_cluster_count": 1, "max_cluster_count": args.settings.max_clusters, "scaling_policy": "STANDARD"}
