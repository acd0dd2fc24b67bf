from typing import ClassVar

from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError
from tests.fakes.pulumi_provider.snowflake.authority import SYSTEM_HIERARCHY, RoleSession
from tests.fakes.pulumi_provider.snowflake.snowflake_kind import SnowflakeKind
from tests.fakes.pulumi_provider.snowflake.tokens import ACCOUNT_ROLE, DATABASE_ROLE


class AccountRole(SnowflakeKind):
    """A role of the account."""

    token = ACCOUNT_ROLE
    computed = ("fullyQualifiedName",)
    defaults: ClassVar[Properties] = {"comment": ""}

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        self.require_privilege(session, "CREATE ROLE")
        if inputs["name"].upper() in SYSTEM_HIERARCHY:
            raise CloudError(f"role {inputs['name']} already exists: it is a system role")

    def is_shown(self, session: RoleSession, found: CloudObject) -> bool:
        # Privileges on a role there are none but ownership; MONITOR ROLE "grants the ability to view roles".
        return self.is_shown_to_owner(session, found) or self.account.holds(session.role, "MONITOR ROLE")


class DatabaseRole(SnowflakeKind):
    """A role inside one database: its owner, or who may create database roles there, makes it."""

    token = DATABASE_ROLE
    path = ("database", "name")
    computed = ("fullyQualifiedName",)
    defaults: ClassVar[Properties] = {"comment": ""}

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        database = self.account.require_database(inputs["database"])
        self.require_privilege_on(session, "CREATE DATABASE ROLE", database)

    def exists(self, found: CloudObject) -> bool:
        return self.account.store.has_database(self.parts(found.attributes)[0])
