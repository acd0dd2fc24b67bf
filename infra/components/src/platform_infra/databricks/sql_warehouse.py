from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_databricks as databricks

from platform_infra.databricks.arguments import SqlWarehouseArgs
from platform_infra.databricks.databricks_component import DatabricksComponent
from platform_infra.databricks.grantees import Grantees
from platform_infra.databricks.providers import Providers

# The provider waits until a new warehouse runs: seconds for a serverless one, minutes for another, longer where the
# cloud is short of machines. After twenty minutes it gives up by itself, and deletes the warehouse.
_UNTIL_IT_RUNS = pulumi.CustomTimeouts(create="30m")


class SqlWarehouse(DatabricksComponent[SqlWarehouseArgs]):
    """A SQL warehouse that stops when idle and grows to a limit, and who may use it."""

    type_token = "platform:databricks:SqlWarehouse"  # noqa: S105 - a resource type, not a secret

    endpoint: databricks.SqlEndpoint
    permissions: databricks.Permissions

    def __init__(
        self,
        name: str,
        args: SqlWarehouseArgs,
        grantees: Grantees,
        providers: Providers,
        parent: pulumi.Resource | None,
    ) -> None:
        self._grantees = grantees
        super().__init__(name, args, providers, parent)

    def declare(self, name: str, args: SqlWarehouseArgs) -> Mapping[str, Any]:
        """Make the warehouse, then say who may use it."""
        settings = args.settings
        self.endpoint = databricks.SqlEndpoint(
            name,
            name=args.name,
            cluster_size=settings.size.value,
            min_num_clusters=1,
            max_num_clusters=settings.max_clusters,
            auto_stop_mins=settings.auto_stop_minutes,
            # The type that can be serverless, and has the same features without.
            warehouse_type="PRO",
            enable_serverless_compute=settings.serverless,
            spot_instance_policy=settings.spot_policy.value,
            tags={"custom_tags": [{"key": key, "value": value} for key, value in args.tags.items()]},
            opts=self.in_workspace(timeouts=_UNTIL_IT_RUNS),
        )
        self.permissions = databricks.Permissions(
            name,
            sql_endpoint_id=self.endpoint.id,
            access_controls=[self._grantees.access_control(user, "CAN_USE") for user in args.users],
            opts=self.in_workspace(depends_on=self._grantees.made),
        )
        return {"name": self.endpoint.name, "hostname": self.hostname, "http_path": self.http_path}

    @property
    def hostname(self) -> pulumi.Output[str]:
        """The host name of the workspace, as a SQL client wants it."""
        return self.endpoint.odbc_params["hostname"]

    @property
    def http_path(self) -> pulumi.Output[str]:
        """The path of the warehouse on that host."""
        return self.endpoint.odbc_params["path"]
