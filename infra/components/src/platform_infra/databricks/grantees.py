from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from platform_contract.databricks_names import Group
from pulumi_databricks import PermissionsAccessControlArgsDict

from platform_infra.databricks.privileges_table import Grantee


@dataclass(frozen=True, slots=True)
class Grantees:
    """What each group and principal is called in a grant: a group by its name, a principal by its application id.

    `made` are the resources that have to exist before anything can be granted to them.
    """

    names: Mapping[Grantee, pulumi.Input[str]]
    made: list[pulumi.Resource]

    def access_control(self, grantee: Grantee, level: str) -> PermissionsAccessControlArgsDict:
        """One entry of a list of rights on an object of the workspace, as `Permissions` takes it."""
        if isinstance(grantee, Group):
            return {"group_name": self.names[grantee], "permission_level": level}
        return {"service_principal_name": self.names[grantee], "permission_level": level}

    def rule_principal(self, grantee: Grantee) -> pulumi.Output[str]:
        """What a rule set of the account calls a group or a principal."""
        kind = "groups" if isinstance(grantee, Group) else "servicePrincipals"
        return pulumi.Output.concat(kind, "/", self.names[grantee])
