from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_databricks as databricks

from platform_infra.databricks.arguments import GrantsArgs
from platform_infra.databricks.databricks_component import DatabricksComponent
from platform_infra.databricks.grantees import Grantees
from platform_infra.databricks.providers import Providers


class SecurableGrants(DatabricksComponent[GrantsArgs]):
    """All privileges on one securable, as its one authoritative list.

    `granted_on` is the securable, where this stack makes it: it exists before anything is granted on it, and when it is
    replaced, what was granted goes with the old one and is granted anew.
    """

    type_token = "platform:databricks:Grants"  # noqa: S105 - a resource type, not a secret

    grants: databricks.Grants

    def __init__(
        self,
        args: GrantsArgs,
        grantees: Grantees,
        granted_on: pulumi.Resource,
        providers: Providers,
        parent: pulumi.Resource | None,
    ) -> None:
        self._grantees = grantees
        self._granted_on = granted_on
        super().__init__(args.logical_name, args, providers, parent)

    def declare(self, name: str, args: GrantsArgs) -> Mapping[str, Any]:
        """Grant what the list says; whoever is not on it loses what he had."""
        listed: Any = [
            {"principal": self._grantees.names[grantee], "privileges": [p.value for p in privileges]}
            for grantee, privileges in args.privileges
        ]
        on: dict[str, Any] = {args.securable.kind.value: args.securable.name}
        self.grants = databricks.Grants(name, grants=listed, opts=self._options(), **on)
        return {"securable": str(args.securable)}

    def _options(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions.merge(
            self.in_workspace(depends_on=[self._granted_on, *self._grantees.made]),
            pulumi.ResourceOptions(replace_with=[self._granted_on]),
        )
