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

    `granted_on` is the securable, where this stack makes it: it exists before anything is granted on it.
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
        self._depends_on = [granted_on, *grantees.made]
        super().__init__(args.logical_name, args, providers, parent)

    def declare(self, name: str, args: GrantsArgs) -> Mapping[str, Any]:
        """Grant what the list says; whoever is not on it loses what he had."""
        listed: Any = [
            {"principal": self._grantees.names[grantee], "privileges": [p.value for p in privileges]}
            for grantee, privileges in args.privileges
        ]
        on: dict[str, Any] = {args.securable.kind.value: args.securable.name}
        self.grants = databricks.Grants(name, grants=listed, opts=self.in_workspace(depends_on=self._depends_on), **on)
        return {"securable": str(args.securable)}
