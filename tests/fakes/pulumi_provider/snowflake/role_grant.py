from collections.abc import Iterator
from typing import Any

from tests.fakes.pulumi_provider.input_rules import exactly_one, known_text
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal
from tests.fakes.pulumi_provider.snowflake.authority import SYSTEM_HIERARCHY, RoleSession
from tests.fakes.pulumi_provider.snowflake.identifiers import quoted, requote, split_identifier
from tests.fakes.pulumi_provider.snowflake.snowflake_kind import SnowflakeKind
from tests.fakes.pulumi_provider.snowflake.tokens import (
    ACCOUNT_ROLE,
    DATABASE_ROLE,
    GRANT_ACCOUNT_ROLE,
    GRANT_DATABASE_ROLE,
    SERVICE_USER,
)

MANAGE_GRANTS = "MANAGE GRANTS"
_DATABASE_ROLE_PARTS = 2


class RoleGrant(SnowflakeKind):
    """A role given to a role or a user; granting it twice is one grant."""

    overwrites = True

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        if isinstance(desired, str) and isinstance(actual, str):
            return requote(desired) == requote(actual)
        return super().same(name, desired, actual)

    def is_shown(self, session: RoleSession, found: CloudObject) -> bool:
        # SHOW GRANTS documents no privilege with which somebody sees all of them but MANAGE GRANTS.
        return self.is_shown_to_owner(session, found)

    def require_right_to_grant(self, session: RoleSession, granted: CloudObject | None) -> None:
        """Raise CloudError unless the session owns the granted role or manages all grants."""
        owned = granted is not None and self.account.owns(session.role, granted)
        if not owned:
            self.require_privilege(session, MANAGE_GRANTS)


class GrantAccountRole(RoleGrant):
    """An account role given to another one, which then inherits it, or to a user."""

    token = GRANT_ACCOUNT_ROLE

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from exactly_one(inputs, ("parentRoleName", "userName"), "roleName")

    def identity(self, inputs: Properties) -> str:
        kind, grantee = _account_grantee(inputs)
        return f"{requote(inputs['roleName'])}|{kind}|{requote(grantee)}"

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        role = self.account.require_role(inputs["roleName"])
        self.require_right_to_grant(session, self.account.find(ACCOUNT_ROLE, quoted(role)))
        if inputs.get("userName"):
            self.account.require(SERVICE_USER, inputs["userName"])
            return
        parent = self.account.require_role(inputs["parentRoleName"])
        if parent in self.account.inherited(role):
            raise CloudError(f"role {parent} cannot be granted {role}: it is granted to it already")

    def admit_delete(self, session: RoleSession, found: CloudObject) -> None:
        role = requote(found.attributes["roleName"])
        self.require_right_to_grant(session, self.account.find(ACCOUNT_ROLE, role))

    def exists(self, found: CloudObject) -> bool:
        kind, grantee = _account_grantee(found.attributes)
        token = ACCOUNT_ROLE if kind == "ROLE" else SERVICE_USER
        there = self.account.find(token, requote(grantee)) is not None
        given = self.account.has_role(split_identifier(found.attributes["roleName"])[0])
        return given and (there or grantee.strip('"') in SYSTEM_HIERARCHY)


class GrantDatabaseRole(RoleGrant):
    """A database role given to an account role, or to another role of the same database."""

    token = GRANT_DATABASE_ROLE

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from exactly_one(inputs, ("parentRoleName", "parentDatabaseRoleName", "shareName"), "databaseRoleName")
        yield from two_part(inputs, "databaseRoleName")
        yield from two_part(inputs, "parentDatabaseRoleName")

    def identity(self, inputs: Properties) -> str:
        kind, grantee = _database_grantee(inputs)
        return f"{requote(inputs['databaseRoleName'])}|{kind}|{requote(grantee)}"

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        role = self.account.require_database_role(inputs["databaseRoleName"])
        self.require_right_to_grant(session, role)
        kind, grantee = _database_grantee(inputs)
        if kind == "ROLE":
            self.account.require_role(grantee)
            return
        parent = self.account.require_database_role(grantee)
        if split_identifier(parent.id)[0] != split_identifier(role.id)[0]:
            raise CloudError(f"database role {role.id} cannot be granted to {parent.id}: it is of another database")

    def admit_delete(self, session: RoleSession, found: CloudObject) -> None:
        role = requote(found.attributes["databaseRoleName"])
        self.require_right_to_grant(session, self.account.find(DATABASE_ROLE, role))

    def exists(self, found: CloudObject) -> bool:
        role = self.account.find(DATABASE_ROLE, requote(found.attributes["databaseRoleName"]))
        kind, grantee = _database_grantee(found.attributes)
        if kind == "ROLE":
            return role is not None and self.account.has_role(split_identifier(grantee)[0])
        return role is not None and self.account.find(DATABASE_ROLE, requote(grantee)) is not None


def two_part(inputs: Properties, name: str) -> Iterator[Refusal]:
    """A name that must say its database."""
    given = known_text(inputs, name)
    if given is not None and len(split_identifier(given)) != _DATABASE_ROLE_PARTS:
        yield Refusal(name, f"expected <database>.<name>, got {given!r}")


def _account_grantee(inputs: Properties) -> tuple[str, str]:
    if inputs.get("userName"):
        return "USER", inputs["userName"]
    return "ROLE", inputs["parentRoleName"]


def _database_grantee(inputs: Properties) -> tuple[str, str]:
    if inputs.get("parentDatabaseRoleName"):
        return "DATABASE ROLE", inputs["parentDatabaseRoleName"]
    return "ROLE", inputs.get("parentRoleName") or inputs["shareName"]
