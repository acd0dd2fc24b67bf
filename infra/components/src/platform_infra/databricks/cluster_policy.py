import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_databricks as databricks

from platform_infra.databricks.arguments import ClusterPolicyArgs
from platform_infra.databricks.databricks_component import DatabricksComponent
from platform_infra.databricks.grantees import Grantees
from platform_infra.databricks.providers import Providers

_SPARK_VERSION = "auto:latest-lts"


class ClusterPolicy(DatabricksComponent[ClusterPolicyArgs]):
    """The bounds of a job's cluster, and who may run jobs within them."""

    type_token = "platform:databricks:ClusterPolicy"  # noqa: S105 - a resource type, not a secret

    policy: databricks.ClusterPolicy
    permissions: databricks.Permissions

    def __init__(
        self,
        name: str,
        args: ClusterPolicyArgs,
        grantees: Grantees,
        providers: Providers,
        parent: pulumi.Resource | None,
    ) -> None:
        self._grantees = grantees
        super().__init__(name, args, providers, parent)

    def declare(self, name: str, args: ClusterPolicyArgs) -> Mapping[str, Any]:
        """Make the policy, then say who may use it."""
        self.policy = databricks.ClusterPolicy(
            name,
            name=args.name,
            description=args.description,
            definition=json.dumps(policy_definition(args), sort_keys=True),
            max_clusters_per_user=args.settings.max_clusters_per_user,
            opts=self.in_workspace(),
        )
        self.permissions = databricks.Permissions(
            name,
            cluster_policy_id=self.policy.id,
            access_controls=[self._grantees.access_control(user, "CAN_USE") for user in args.users],
            opts=self.in_workspace(depends_on=self._grantees.made),
        )
        return {"name": self.policy.name, "id": self.policy.id}


def policy_definition(args: ClusterPolicyArgs) -> dict[str, dict[str, Any]]:
    """The policy: attribute of a cluster → what it may be. A job's cluster ends with its job, so none outlives it."""
    machines = list(args.settings.node_types_in(args.cloud))
    workers = {"type": "range", "maxValue": args.settings.max_workers, "isOptional": True}
    return {
        "cluster_type": {"type": "fixed", "value": "job"},
        "dbus_per_hour": {"type": "range", "maxValue": args.settings.max_dbus_per_hour},
        "num_workers": workers,
        "autoscale.max_workers": workers,
        "node_type_id": {"type": "allowlist", "values": machines, "defaultValue": machines[0]},
        "driver_node_type_id": {"type": "allowlist", "values": machines, "isOptional": True},
        "spark_version": {"type": "allowlist", "values": [_SPARK_VERSION], "defaultValue": _SPARK_VERSION},
        **{f"custom_tags.{key}": {"type": "fixed", "value": value} for key, value in args.tags.items()},
    }
