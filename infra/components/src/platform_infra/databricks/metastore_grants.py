from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_databricks as databricks

from platform_infra.databricks.arguments import GrantsArgs
from platform_infra.databricks.databricks_component import DatabricksComponent
from platform_infra.databricks.grantees import Grantees
from platform_infra.databricks.providers import Providers


class MetastoreGrants(DatabricksComponent[GrantsArgs]):
    """Privileges on the metastore, one holder at a time.

    The metastore is everybody's: an authoritative list of one stack would take away what others hold on it.
    """

    type_token = "platform:databricks:MetastoreGrants"  # noqa: S105 - a resource type, not a secret

    grants: dict[str, databricks.Grant]

    def __init__(
        self, args: GrantsArgs, grantees: Grantees, providers: Providers, parent: pulumi.Resource | None
    ) -> None:
        self._grantees = grantees
        super().__init__(args.logical_name, args, providers, parent)

    def declare(self, name: str, args: GrantsArgs) -> Mapping[str, Any]:
        """Grant to each holder what it needs."""
        self.grants = {
            grantee.value: databricks.Grant(
                f"{name}.{grantee}",
                metastore=args.securable.name,
                principal=self._grantees.names[grantee],
                privileges=[privilege.value for privilege in privileges],
                opts=self.in_workspace(depends_on=self._grantees.made),
            )
            for grantee, privileges in args.privileges
        }
        return {"securable": str(args.securable)}
