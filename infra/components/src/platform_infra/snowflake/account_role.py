from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_snowflake as snowflake

from platform_infra.snowflake.admin_providers import AdminProviders
from platform_infra.snowflake.arguments import AccountRoleArgs
from platform_infra.snowflake.database_role import DatabaseRole
from platform_infra.snowflake.privilege import ObjectType, Privilege
from platform_infra.snowflake.snowflake_component import SnowflakeComponent
from platform_infra.snowflake.warehouse import Warehouse


class AccountRole(SnowflakeComponent[AccountRoleArgs]):
    """A persona's role: below the role that administers it, above the database roles and whatever else it holds."""

    type_token = "platform:snowflake:AccountRole"  # noqa: S105 - a resource type, not a secret

    role: snowflake.AccountRole
    grants: list[pulumi.CustomResource]

    def __init__(
        self,
        name: str,
        args: AccountRoleArgs,
        *,
        database_roles: Mapping[tuple[str, str], DatabaseRole],
        warehouses: Mapping[str, Warehouse],
        providers: AdminProviders,
        parent: pulumi.Resource,
    ) -> None:
        self._database_roles = database_roles
        self._warehouses = warehouses
        super().__init__(name, args, providers, parent)

    def declare(self, name: str, args: AccountRoleArgs) -> Mapping[str, Any]:
        """Make the role, then everything granted to it and the one grant of it."""
        maker = self.providers.pull_requests if args.for_pull_requests else self.providers.security
        self.role = snowflake.AccountRole(name, name=args.name, comment=args.comment, opts=self.child(provider=maker))
        self.grants = [
            self._below(name, args.parent),
            *(self._held_by(name, role) for role in args.held_by),
            *(self._database_role(name, role) for role in args.database_roles),
            *(self._holds(name, role) for role in args.holds),
            *(self._warehouse(name, warehouse, passes_on=False) for warehouse in args.warehouses),
            *(self._warehouse(name, warehouse, passes_on=True) for warehouse in args.passes_on),
            *([self._account(name, args.account)] if args.account else []),
        ]
        return {"name": self.role.name}

    def _below(self, name: str, parent: str) -> snowflake.GrantAccountRole:
        return snowflake.GrantAccountRole(
            f"{name}.below", role_name=self.role.name, parent_role_name=parent, opts=self._granted()
        )

    def _held_by(self, name: str, role: str) -> snowflake.GrantAccountRole:
        return snowflake.GrantAccountRole(
            f"{name}.held-by-{role.lower()}",
            role_name=self.role.name,
            parent_role_name=role,
            opts=self._granted(),
        )

    def _database_role(self, name: str, role: tuple[str, str]) -> snowflake.GrantDatabaseRole:
        held = self._database_roles[role]
        return snowflake.GrantDatabaseRole(
            f"{name}.{held.logical_name}",
            database_role_name=held.id,
            parent_role_name=self.role.name,
            opts=self._granted(),
        )

    def _holds(self, name: str, role: str) -> snowflake.GrantAccountRole:
        return snowflake.GrantAccountRole(
            f"{name}.{role.lower()}", role_name=role, parent_role_name=self.role.name, opts=self._granted()
        )

    def _warehouse(self, name: str, warehouse: str, passes_on: bool) -> snowflake.GrantPrivilegesToAccountRole:
        own = self._warehouses.get(warehouse)
        return snowflake.GrantPrivilegesToAccountRole(
            f"{name}.{warehouse.lower() if own is None else own.logical_name}",
            account_role_name=self.role.name,
            privileges=[Privilege.USAGE],
            on_account_object={
                "object_type": ObjectType.WAREHOUSE,
                "object_name": warehouse if own is None else own.warehouse.name,
            },
            with_grant_option=passes_on,
            opts=self._granted(),
        )

    def _account(self, name: str, privileges: tuple[Privilege, ...]) -> snowflake.GrantPrivilegesToAccountRole:
        return snowflake.GrantPrivilegesToAccountRole(
            f"{name}.account",
            account_role_name=self.role.name,
            privileges=[privilege.value for privilege in privileges],
            on_account=True,
            # Some of them, CREATE DATABASE among them, have no effect when another role than ACCOUNTADMIN grants them.
            opts=self.child(provider=self.providers.account),
        )

    def _granted(self) -> pulumi.ResourceOptions:
        return self.child(provider=self.providers.security)
