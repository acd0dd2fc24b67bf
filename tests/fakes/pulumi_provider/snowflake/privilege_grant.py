from abc import abstractmethod
from collections.abc import Collection, Iterator
from typing import Any, ClassVar

from tests.fakes.pulumi_provider.input_rules import exactly_one
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal
from tests.fakes.pulumi_provider.snowflake.authority import RoleSession
from tests.fakes.pulumi_provider.snowflake.grant_target import GrantTarget, grant_target, target_refusals
from tests.fakes.pulumi_provider.snowflake.identifiers import quoted, requote, split_identifier
from tests.fakes.pulumi_provider.snowflake.privileges import GRANTED_BY_ACCOUNTADMIN, require_privileges
from tests.fakes.pulumi_provider.snowflake.role_grant import MANAGE_GRANTS, two_part
from tests.fakes.pulumi_provider.snowflake.snowflake_kind import SnowflakeKind
from tests.fakes.pulumi_provider.snowflake.tokens import (
    DATABASE,
    GRANT_TO_ACCOUNT_ROLE,
    GRANT_TO_DATABASE_ROLE,
    RESOURCE_MONITOR,
    SCHEMA,
    SERVICE_USER,
    STAGE_INTERNAL,
    WAREHOUSE,
)

_TOKENS = {
    "DATABASE": DATABASE,
    "RESOURCE MONITOR": RESOURCE_MONITOR,
    "SCHEMA": SCHEMA,
    "STAGE": STAGE_INTERNAL,
    "USER": SERVICE_USER,
    "WAREHOUSE": WAREHOUSE,
}


class PrivilegeGrant(SnowflakeKind):
    """Privileges on an object, on all or on future objects, given to a role.

    Some privileges on the account have no effect when another role than ACCOUNTADMIN grants them: the statement ends
    without an error, and the provider, which reads back what it granted, finds them missing (seen in
    terraform-provider-snowflake #670, #1288 and #1462).
    """

    grantee: ClassVar[str]
    scopes: ClassVar[tuple[str, ...]]
    unordered = frozenset({"privileges"})
    defaults: ClassVar[Properties] = {"withGrantOption": False, "alwaysApply": False}
    # The same privileges on the same target are one grant.
    overwrites = True

    @abstractmethod
    def require_grantee(self, identifier: str) -> None:
        """Raise CloudError when the role that receives the grant does not exist."""

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from exactly_one(inputs, ("privileges", "allPrivileges"), "privileges")
        yield from target_refusals(inputs, self.scopes)

    def identity(self, inputs: Properties) -> str:
        privileges = ",".join(sorted(inputs.get("privileges") or ["ALL"]))
        options = f"{_flag(inputs, 'withGrantOption')}|{_flag(inputs, 'alwaysApply')}"
        return f"{requote(inputs[self.grantee])}|{options}|{privileges}|{grant_target(inputs).label}"

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        if name in {self.grantee, "onDatabase"} and isinstance(desired, str) and isinstance(actual, str):
            return requote(desired) == requote(actual)
        return super().same(name, desired, actual)

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        self.require_grantee(inputs[self.grantee])
        target = grant_target(inputs)
        require_privileges(target.object_type, inputs.get("privileges") or [])
        self._require_right_to_grant(session, target, inputs)

    def is_shown(self, session: RoleSession, found: CloudObject) -> bool:
        # SHOW GRANTS documents no privilege with which somebody sees all of them but MANAGE GRANTS.
        return self.is_shown_to_owner(session, found)

    def make(self, made: CloudObject, session: RoleSession) -> None:
        made.attributes = self._effective(made.attributes, session.role, held=())

    def admit_change(self, session: RoleSession, found: CloudObject, inputs: Properties) -> None:
        self.admit(session, inputs)
        # A grant is its grantor's.
        found.owner = session.role

    def changed(self, found: CloudObject, inputs: Properties) -> Properties:
        return self._effective(super().changed(found, inputs), found.owner, found.attributes.get("privileges", ()))

    def admit_delete(self, session: RoleSession, found: CloudObject) -> None:
        if self.exists(found):
            self._require_right_to_grant(session, grant_target(found.attributes), found.attributes)

    def exists(self, found: CloudObject) -> bool:
        try:
            self.require_grantee(found.attributes[self.grantee])
            self._securable(grant_target(found.attributes))
        except CloudError:
            return False
        return True

    def _effective(self, attributes: Properties, grantor: str, held: Collection[str]) -> Properties:
        """The attributes of a grant with those of its privileges that are held already or its grantor can give."""
        if not attributes.get("onAccount") or "ACCOUNTADMIN" in self.account.inherited(grantor):
            return attributes
        asked = attributes.get("privileges", ())
        return {**attributes, "privileges": [p for p in asked if p in held or p not in GRANTED_BY_ACCOUNTADMIN]}

    def _require_right_to_grant(self, session: RoleSession, target: GrantTarget, inputs: Properties) -> None:
        securable = self._securable(target)
        if self.account.holds(session.role, MANAGE_GRANTS):
            return
        if securable is not None and self._may_grant_on(session, securable, target, inputs):
            return
        raise CloudError(
            f"SQL access control error: insufficient privileges: {session.role} may not grant on {target.label}: "
            f"it neither owns it, nor has the privileges with grant option, nor has {MANAGE_GRANTS}"
        )

    def _may_grant_on(
        self, session: RoleSession, securable: CloudObject, target: GrantTarget, inputs: Properties
    ) -> bool:
        if self.account.owns(session.role, securable):
            # Only in a managed schema do future grants belong to its owner.
            return not target.future or _is_managed(securable)
        return not target.future and self.account.may_pass_on(session.role, inputs.get("privileges") or (), securable)

    def _securable(self, target: GrantTarget) -> CloudObject | None:
        """What must exist for the grant: the object, or the container of its objects; None stands for the account."""
        if target.container is not None:
            return self._container(target.container)
        if target.named is None:
            return None
        if target.object_type == "DATABASE":
            return self.account.require_database(target.named)
        if target.object_type == "SCHEMA":
            return self.account.require_schema(target.named)
        if target.object_type in _TOKENS:
            return self.account.require(_TOKENS[target.object_type], target.named)
        raise CloudError(f"{target.object_type} {target.named} does not exist or not authorized")

    def _container(self, identifier: str) -> CloudObject:
        if len(split_identifier(identifier)) == 1:
            return self.account.require_database(identifier)
        return self.account.require_schema(identifier)


class GrantToAccountRole(PrivilegeGrant):
    """Privileges given to an account role."""

    token = GRANT_TO_ACCOUNT_ROLE
    grantee = "accountRoleName"
    scopes = ("onAccount", "onAccountObject", "onSchema", "onSchemaObject")

    def require_grantee(self, identifier: str) -> None:
        self.account.require_role(identifier)


class GrantToDatabaseRole(PrivilegeGrant):
    """Privileges given to a database role, which reach no further than its own database."""

    token = GRANT_TO_DATABASE_ROLE
    grantee = "databaseRoleName"
    scopes = ("onDatabase", "onSchema", "onSchemaObject")

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from super().refusals(inputs)
        yield from two_part(inputs, "databaseRoleName")

    def require_grantee(self, identifier: str) -> None:
        self.account.require_database_role(identifier)

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        super().admit(session, inputs)
        target = grant_target(inputs)
        role_database = split_identifier(inputs["databaseRoleName"])[0]
        place = target.named or target.container or quoted(role_database)
        if split_identifier(place)[0] != role_database:
            raise CloudError(f"database role {inputs['databaseRoleName']} cannot hold privileges outside its database")


def _is_managed(securable: CloudObject) -> bool:
    return securable.token == SCHEMA and str(securable.attributes["withManagedAccess"]).lower() == "true"


def _flag(inputs: Properties, name: str) -> str:
    return str(bool(inputs.get(name))).lower()
