from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_databricks as databricks
from platform_contract.databricks_names import Group, Principal

from platform_infra.databricks.arguments import FederationArgs, IdentitiesArgs
from platform_infra.databricks.databricks_component import DatabricksComponent

_USES_THE_WORKSPACE = "USER"
# Who may clone this deployment's data does so in another workspace.
_ABROAD = frozenset({Group.CLONE_READERS})


class Identities(DatabricksComponent[IdentitiesArgs]):
    """The groups and service principals of a deployment, made in the account: only there can they hold grants."""

    type_token = "platform:databricks:Identities"  # noqa: S105 - a resource type, not a secret

    groups: dict[Group, databricks.Group]
    principals: dict[Principal, databricks.ServicePrincipal]
    members: list[databricks.GroupMember]
    assignments: list[databricks.MwsPermissionAssignment]
    federation: list[databricks.ServicePrincipalFederationPolicy]

    def declare(self, name: str, args: IdentitiesArgs) -> Mapping[str, Any]:
        """Make groups and principals, put them together, and let them into the workspace."""
        self.groups = {
            group: databricks.Group(group.value, display_name=cloud_name, opts=self.in_account(protect=args.protect))
            for group, cloud_name in args.groups.items()
        }
        self.principals = {
            principal: databricks.ServicePrincipal(
                principal.value,
                display_name=cloud_name,
                # Else a destroyed one is left in the account, deactivated, and the next `up` makes another of its name.
                disable_as_user_deletion=False,
                opts=self.in_account(protect=args.protect),
            )
            for principal, cloud_name in args.principals.items()
        }
        self.members = [
            *(self._member(group, principal.value, self.principals[principal].id) for group, principal in args.members),
            *(self._member(Group.CLONE_READERS, str(reader), str(reader)) for reader in args.clone_readers),
        ]
        self.assignments = self._assignments(args)
        self.federation = [self._federation(name, trusted) for trusted in args.federation]
        return {"principals": self.principal_ids}

    @property
    def principal_ids(self) -> dict[str, dict[str, pulumi.Output[str]]]:
        """What each principal is called elsewhere: by its application in grants, by its id in groups."""
        return {
            kind.value: {"application_id": made.application_id, "account_id": made.id}
            for kind, made in self.principals.items()
        }

    @property
    def made(self) -> list[pulumi.Resource]:
        """Everything that can hold grants, let into the workspace: it gives no rights to strangers."""
        return [*self.groups.values(), *self.principals.values(), *self.assignments]

    def _member(self, group: Group, member: str, member_id: pulumi.Input[str]) -> databricks.GroupMember:
        return databricks.GroupMember(
            f"{group.value}.{member}", group_id=self.groups[group].id, member_id=member_id, opts=self.in_account()
        )

    def _assignments(self, args: IdentitiesArgs) -> list[databricks.MwsPermissionAssignment]:
        in_groups = {principal for _, principal in args.members}
        residents: dict[str, pulumi.Output[str]] = {
            **{group.value: made.id for group, made in self.groups.items() if group not in _ABROAD},
            **{kind.value: made.id for kind, made in self.principals.items() if kind not in in_groups},
        }
        return [
            databricks.MwsPermissionAssignment(
                f"{resident}.workspace",
                workspace_id=str(args.workspace_id),
                principal_id=principal_id,
                permissions=[_USES_THE_WORKSPACE],
                opts=self.in_account(),
            )
            for resident, principal_id in residents.items()
        ]

    def _federation(self, name: str, args: FederationArgs) -> databricks.ServicePrincipalFederationPolicy:
        return databricks.ServicePrincipalFederationPolicy(
            f"{name}.{args.name}",
            service_principal_id=self.principals[args.principal].id.apply(int),
            description=args.description,
            oidc_policy={"issuer": args.issuer, "audiences": [args.audience], "subject": args.subject},
            opts=self.in_account(),
        )
