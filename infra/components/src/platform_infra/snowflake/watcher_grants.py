from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
import pulumi_snowflake as snowflake

from platform_infra.snowflake.admin_providers import AdminProviders
from platform_infra.snowflake.arguments import WatchedObjects
from platform_infra.snowflake.database import Database
from platform_infra.snowflake.identifiers import quoted
from platform_infra.snowflake.privilege import ObjectType, Privilege
from platform_infra.snowflake.snowflake_component import SnowflakeComponent
from platform_infra.snowflake.warehouse import Warehouse

_LOOK = [Privilege.MONITOR, Privilege.USAGE]


class WatcherGrants(SnowflakeComponent[WatchedObjects]):
    """What lets a role see how databases, schemas, warehouses and monitors are set, and read or change nothing.

    DESCRIBE takes MONITOR on a database or schema, and a way to it; a monitor is shown to who holds MONITOR on it
    (docs.snowflake.com, Access control privileges).
    """

    type_token = "platform:snowflake:WatcherGrants"  # noqa: S105 - a resource type, not a secret

    grants: list[snowflake.GrantPrivilegesToAccountRole]

    def __init__(
        self,
        name: str,
        args: WatchedObjects,
        *,
        role: pulumi.Output[str],
        databases: Mapping[str, Database],
        warehouses: Mapping[str, Warehouse],
        providers: AdminProviders,
        parent: pulumi.Resource,
    ) -> None:
        self._name = name
        self._role = role
        self._databases = databases
        self._warehouses = warehouses
        super().__init__(name, args, providers, parent)

    def declare(self, name: str, args: WatchedObjects) -> Mapping[str, Any]:  # noqa: ARG002 - as its role is called
        """Make a grant for each object."""
        self.grants = [
            *(self._database(database) for database in args.databases),
            *(self._schema(*schema) for schema in args.schemas),
            *(grant for warehouse in args.warehouses for grant in self._warehouse(warehouse)),
        ]
        return {"databases": list(args.databases), "warehouses": list(args.warehouses)}

    def _database(self, database: str) -> snowflake.GrantPrivilegesToAccountRole:
        on = {"object_type": ObjectType.DATABASE, "object_name": database}
        return self._grant(database, _LOOK, self.providers.security, [self._databases[database]], on_account_object=on)

    def _schema(self, database: str, schema: str) -> snowflake.GrantPrivilegesToAccountRole:
        on = {"schema_name": quoted(database, schema)}
        name = f"{database}.{schema}"
        return self._grant(name, _LOOK, self.providers.security, [self._databases[database]], on_schema=on)

    def _warehouse(self, warehouse: str) -> Iterator[snowflake.GrantPrivilegesToAccountRole]:
        made = self._warehouses[warehouse]
        look = [Privilege.MONITOR]
        on = {"object_type": ObjectType.WAREHOUSE, "object_name": made.warehouse.name}
        yield self._grant(warehouse, look, self.providers.security, [], on_account_object=on)
        # An account administrator grants privileges on a monitor: docs.snowflake.com, Working with resource monitors.
        on = {"object_type": ObjectType.RESOURCE_MONITOR, "object_name": made.monitor.name}
        yield self._grant(f"{warehouse}.monitor", look, self.providers.account, [], on_account_object=on)

    def _grant(
        self,
        on: str,
        privileges: list[Privilege],
        provider: snowflake.Provider,
        after: list[pulumi.Resource],
        **target: Any,  # noqa: ANN401 - as the grant takes it
    ) -> snowflake.GrantPrivilegesToAccountRole:
        return snowflake.GrantPrivilegesToAccountRole(
            f"{self._name}.{on.lower()}",
            account_role_name=self._role,
            privileges=[privilege.value for privilege in privileges],
            opts=self.child(provider=provider, depends_on=after),
            **target,
        )
