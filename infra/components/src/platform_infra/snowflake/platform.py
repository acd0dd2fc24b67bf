from collections.abc import Mapping
from typing import Any

from platform_infra.snowflake.account_role import AccountRole
from platform_infra.snowflake.arguments import (
    AccountRoleArgs,
    DatabaseArgs,
    DatabaseRoleArgs,
    ServiceUserArgs,
    WatchedObjects,
)
from platform_infra.snowflake.database import Database
from platform_infra.snowflake.database_role import DatabaseRole
from platform_infra.snowflake.label_tags import LabelTags
from platform_infra.snowflake.network_policy import NetworkPolicy
from platform_infra.snowflake.plan import SnowflakePlan
from platform_infra.snowflake.service_user import ServiceUser
from platform_infra.snowflake.snowflake_component import SnowflakeComponent
from platform_infra.snowflake.warehouse import Warehouse
from platform_infra.snowflake.watcher_grants import WatcherGrants


class SnowflakePlatform(SnowflakeComponent[SnowflakePlan]):
    """Everything that one deployment has in Snowflake; each kind of component by its name there."""

    type_token = "platform:snowflake:Platform"  # noqa: S105 - a resource type, not a secret

    warehouses: dict[str, Warehouse]
    databases: dict[str, Database]
    database_roles: dict[tuple[str, str], DatabaseRole]
    account_roles: dict[str, AccountRole]
    watchers: list[WatcherGrants]
    label_tags: LabelTags | None
    network_policy: NetworkPolicy | None
    users: dict[str, ServiceUser]

    def declare(self, name: str, args: SnowflakePlan) -> Mapping[str, Any]:  # noqa: ARG002 - one a stack
        """Make what can be used, then who may use it."""
        self.warehouses = {
            one.name: Warehouse(self._short(one.name), one, self.providers, self) for one in args.warehouses
        }
        self.databases = {one.name: self._database(one) for one in args.databases}
        self.database_roles = {one.id: self._database_role(one) for one in args.database_roles}
        self.account_roles = {one.name: self._account_role(one) for one in args.account_roles}
        self.watchers = [self._watcher(one, one.watches) for one in args.account_roles if one.watches is not None]
        self.label_tags = self._label_tags(args)
        self.network_policy = self._network_policy(args)
        self.users = {one.name: self._user(one) for one in args.users}
        return {"databases": list(self.databases), "warehouses": list(self.warehouses)}

    def _database(self, args: DatabaseArgs) -> Database:
        return Database(self._short(args.name), args, self.providers, self)

    def _database_role(self, args: DatabaseRoleArgs) -> DatabaseRole:
        return DatabaseRole(
            f"{self._short(args.database)}.{args.name.lower()}",
            args,
            self.databases[args.database],
            self.providers,
            self,
        )

    def _account_role(self, args: AccountRoleArgs) -> AccountRole:
        return AccountRole(
            self._short(args.name),
            args,
            database_roles=self.database_roles,
            warehouses=self.warehouses,
            providers=self.providers,
            parent=self,
        )

    def _watcher(self, role: AccountRoleArgs, watches: WatchedObjects) -> WatcherGrants:
        return WatcherGrants(
            f"{self._short(role.name)}.sees",
            watches,
            role=self.account_roles[role.name].role.name,
            databases=self.databases,
            warehouses=self.warehouses,
            providers=self.providers,
            parent=self,
        )

    def _label_tags(self, args: SnowflakePlan) -> LabelTags | None:
        if args.label_tags is None:
            return None
        return LabelTags(
            "labels",
            args.label_tags,
            databases=self.databases,
            warehouses=self.warehouses,
            providers=self.providers,
            parent=self,
        )

    def _network_policy(self, args: SnowflakePlan) -> NetworkPolicy | None:
        if args.network_policy is None:
            return None
        return NetworkPolicy(self._short(args.network_policy.name), args.network_policy, self.providers, self)

    def _user(self, args: ServiceUserArgs) -> ServiceUser:
        return ServiceUser(
            self._short(args.name),
            args,
            roles=self.account_roles,
            warehouses=self.warehouses,
            policy=self.network_policy,
            providers=self.providers,
            parent=self,
        )

    def _short(self, cloud_name: str) -> str:
        """The logical name: the same in every stack, so that state, imports and diffs of two stacks compare."""
        return cloud_name.removesuffix(self.args.deployment.suffix.upper()).lower()
