from collections.abc import Collection
from enum import StrEnum

from tests.fakes.pulumi_provider.inventory import CloudObject, Inventory
from tests.fakes.pulumi_provider.refusal import CloudError
from tests.fakes.pulumi_provider.snowflake.authority import SYSTEM_HIERARCHY, SYSTEM_PRIVILEGES
from tests.fakes.pulumi_provider.snowflake.identifiers import quoted, requote, split_identifier
from tests.fakes.pulumi_provider.snowflake.store import SnowflakeStore
from tests.fakes.pulumi_provider.snowflake.tokens import (
    ACCOUNT_ROLE,
    DATABASE,
    DATABASE_ROLE,
    GRANT_ACCOUNT_ROLE,
    GRANT_TO_ACCOUNT_ROLE,
    GRANTS,
    SCHEMA,
)


class Edition(StrEnum):
    """What the account has been sold with."""

    STANDARD = "standard"
    ENTERPRISE = "enterprise"


class SnowflakeAccount(Inventory):
    """What exists in one account, and what each role may do there.

    `verified_people` are the names of the users who are people, no administrators, and have verified their e-mail.
    """

    def __init__(self, edition: Edition, store: SnowflakeStore) -> None:
        super().__init__()
        self.edition = edition
        self.store = store
        # People are nobody's to make by a program; this one is whom the shipped stack files name.
        self.verified_people = {"EXAMPLE_ON_CALL"}

    def require(self, token: str, identifier: str) -> CloudObject:
        """The object of that type and name; raises CloudError when there is none."""
        found = self.find(token, requote(identifier))
        if found is None:
            raise CloudError(f"{_noun(token)} {identifier} does not exist or not authorized")
        return found

    def require_database(self, database: str) -> CloudObject:
        """A database that the account and the store both have."""
        found = self.require(DATABASE, database)
        if not self.store.has_database(split_identifier(database)[0]):
            raise CloudError(f"Database {database} does not exist or not authorized")
        return found

    def require_schema(self, identifier: str) -> CloudObject:
        """A schema by `database.schema`, that the account and the store both have."""
        database, *rest = split_identifier(identifier)
        self.require_database(quoted(database))
        found = self.require(SCHEMA, identifier)
        if rest[0] not in self.store.schemas(database):
            raise CloudError(f"Schema {identifier} does not exist or not authorized")
        return found

    def has_role(self, role: str) -> bool:
        """Whether an account role of exactly that name exists."""
        return role in SYSTEM_HIERARCHY or self.find(ACCOUNT_ROLE, quoted(role)) is not None

    def require_role(self, identifier: str) -> str:
        """The name of an account role; raises CloudError when there is none."""
        (role,) = split_identifier(identifier)
        if not self.has_role(role):
            raise CloudError(f"Role {identifier} does not exist or not authorized")
        return role

    def require_database_role(self, identifier: str) -> CloudObject:
        """A database role by `database.role`."""
        return self.require(DATABASE_ROLE, identifier)

    def inherited(self, role: str) -> frozenset[str]:
        """The role itself and every role whose privileges it has."""
        reached = {role}
        frontier = [role]
        while frontier:
            granted = set(self._granted_to(frontier.pop())) - reached
            reached |= granted
            frontier += granted
        return frozenset(reached)

    def owns(self, role: str, found: CloudObject) -> bool:
        """Whether the role owns an object, itself or by inheritance."""
        return found.owner in self.inherited(role)

    def holds(self, role: str, privilege: str) -> bool:
        """Whether the role has a privilege on the account."""
        roles = self.inherited(role)
        by_nature = any(privilege in SYSTEM_PRIVILEGES.get(name, ()) for name in roles)
        return by_nature or any(
            privilege in grant.attributes.get("privileges", ())
            for grant in self._privileges_of(roles)
            if grant.attributes.get("onAccount")
        )

    def holds_on(self, role: str, privilege: str, found: CloudObject) -> bool:
        """Whether the role owns an object, or has been granted a privilege on it."""
        return self.owns(role, found) or any(
            privilege in grant.attributes.get("privileges", ())
            for grant in self._privileges_of(self.inherited(role))
            if found.id in _targets(grant)
        )

    def holds_any_on(self, role: str, found: CloudObject) -> bool:
        """Whether the role owns an object, or has been granted anything on it."""
        grants = self._privileges_of(self.inherited(role))
        return self.owns(role, found) or any(found.id in _targets(grant) for grant in grants)

    def may_pass_on(self, role: str, privileges: Collection[str], found: CloudObject) -> bool:
        """Whether the role has been granted these privileges on an object WITH GRANT OPTION."""
        grants = [g for g in self._privileges_of(self.inherited(role)) if g.attributes.get("withGrantOption")]
        held = {name for g in grants if found.id in _targets(g) for name in g.attributes.get("privileges", ())}
        return bool(privileges) and held.issuperset(privileges)

    def forget_grants_about(self, gone: CloudObject) -> None:
        """Drop every grant to, of or on something that is dropped."""
        for grant in self.of(*GRANTS):
            if gone.id in grant.id.split("|"):
                self.remove(grant)

    def _granted_to(self, role: str) -> list[str]:
        grants = self.of(GRANT_ACCOUNT_ROLE)
        by_grant = [
            split_identifier(grant.attributes["roleName"])[0]
            for grant in grants
            if grant.attributes.get("parentRoleName") and requote(grant.attributes["parentRoleName"]) == quoted(role)
        ]
        return [*SYSTEM_HIERARCHY.get(role, ()), *by_grant]

    def _privileges_of(self, roles: frozenset[str]) -> list[CloudObject]:
        held = {quoted(role) for role in roles}
        return [g for g in self.of(GRANT_TO_ACCOUNT_ROLE) if requote(g.attributes["accountRoleName"]) in held]


def _targets(grant: CloudObject) -> set[str]:
    named = (
        grant.attributes.get("onAccountObject", {}).get("objectName"),
        grant.attributes.get("onSchema", {}).get("schemaName"),
    )
    return {requote(name) for name in named if name}


def _noun(token: str) -> str:
    return token.rpartition(":")[2]
