from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_snowflake as snowflake

from platform_infra.snowflake.admin_providers import AdminProviders
from platform_infra.snowflake.arguments import ArgumentError, DatabaseRoleArgs
from platform_infra.snowflake.database import Database
from platform_infra.snowflake.identifiers import quoted
from platform_infra.snowflake.privilege import ObjectPrivileges, ObjectType
from platform_infra.snowflake.snowflake_component import SnowflakeComponent


class DatabaseRole(SnowflakeComponent[DatabaseRoleArgs]):
    """A role inside a database, with its privileges on one schema of that database."""

    type_token = "platform:snowflake:DatabaseRole"  # noqa: S105 - a resource type, not a secret

    role: snowflake.DatabaseRole
    grants: list[snowflake.GrantPrivilegesToDatabaseRole]

    def __init__(
        self, name: str, args: DatabaseRoleArgs, home: Database, providers: AdminProviders, parent: pulumi.Resource
    ) -> None:
        if home.args.name != args.database:
            raise ArgumentError(
                f"database role {args.database}.{args.name} cannot have privileges in {home.args.name}: "
                "a database role reaches its own database alone"
            )
        self.home = home
        super().__init__(name, args, providers, parent)

    def declare(self, name: str, args: DatabaseRoleArgs) -> Mapping[str, Any]:
        """Make the role, then one grant for each type of object."""
        self.role = snowflake.DatabaseRole(
            name,
            database=self.home.database.name,
            name=args.name,
            comment=args.comment,
            opts=self.child(provider=self.providers.objects),
        )
        self.grants = [self._grant(name, row) for row in args.privileges]
        return {"id": self.id}

    @property
    def id(self) -> pulumi.Output[str]:
        """The role's identifier, `"RAW"."<SCHEMA>_READ"`, known at preview."""
        return pulumi.Output.all(self.role.database, self.role.name).apply(lambda parts: quoted(*parts))

    def _grant(self, name: str, row: ObjectPrivileges) -> snowflake.GrantPrivilegesToDatabaseRole:
        return snowflake.GrantPrivilegesToDatabaseRole(
            f"{name}.{row.on.lower()}",
            database_role_name=self.id,
            privileges=[privilege.value for privilege in row.privileges],
            opts=self.child(provider=self.providers.security),
            **self._target(row.on),
        )

    def _target(self, on: ObjectType) -> dict[str, Any]:
        if on is ObjectType.DATABASE:
            return {"on_database": self.home.database.name}
        schema = self.home.schema_id(self.args.schema)
        if on is ObjectType.SCHEMA:
            return {"on_schema": {"schema_name": schema}}
        if on is ObjectType.STAGE:
            return {"on_schema_object": {"object_type": on, "object_name": self.home.stage_id(self.args.schema)}}
        return {"on_schema_object": {"future": {"object_type_plural": on.plural, "in_schema": schema}}}
