from typing import Any, ClassVar

from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.authority import RoleSession
from tests.fakes.pulumi_provider.snowflake.identifiers import quoted, requote
from tests.fakes.pulumi_provider.snowflake.snowflake_kind import SnowflakeKind
from tests.fakes.pulumi_provider.snowflake.tokens import (
    ACCOUNT_ROLE,
    DATABASE,
    SCHEMA,
    SERVICE_USER,
    TAG,
    TAG_ASSOCIATION,
    WAREHOUSE,
)

_TAGGED = {"DATABASE": DATABASE, "ROLE": ACCOUNT_ROLE, "SCHEMA": SCHEMA, "USER": SERVICE_USER, "WAREHOUSE": WAREHOUSE}


class Tag(SnowflakeKind):
    """A tag that objects may carry; the standard edition has none.

    To make or read one the provider calls a table function, for the masking policies on it, and Snowflake runs a query
    on a warehouse alone: the session's own, which exists and which the role may use (docs.snowflake.com, Overview of
    warehouses: "a warehouse must be running and in use for the session"; seen with the real plugin 2.20).
    """

    token = TAG
    path = ("database", "schema", "name")
    computed = ("fullyQualifiedName",)
    defaults: ClassVar[Properties] = {"comment": ""}
    unordered = frozenset({"allowedValues", "maskingPolicies"})

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        if self.account.edition is Edition.STANDARD:
            raise CloudError(f"unsupported feature 'TAG': edition {self.account.edition} has no tags")
        database, schema, _ = self.parts(inputs)
        self.require_privilege_on(session, "CREATE TAG", self.account.require_schema(quoted(database, schema)))

        self._require_warehouse(session)

    def admit_change(self, session: RoleSession, found: CloudObject, inputs: Properties) -> None:
        super().admit_change(session, found, inputs)
        self._require_warehouse(session)

    def admit_read(self, session: RoleSession, found: CloudObject) -> None:
        self._require_warehouse(session)

    def _require_warehouse(self, session: RoleSession) -> None:
        named = session.warehouse
        found = None if named is None else self.account.find(WAREHOUSE, requote(named))
        if found is None or not self.account.holds_on(session.role, "USAGE", found):
            raise CloudError("000606 (57P03): No active warehouse selected in the current session")

    def exists(self, found: CloudObject) -> bool:
        database, schema, _ = self.parts(found.attributes)
        return schema in self.account.store.schemas(database)


class TagAssociation(SnowflakeKind):
    """A tag's value on some objects of one type: who sets it may apply tags anywhere, or owns the tag and them all."""

    token = TAG_ASSOCIATION
    overwrites = True
    unordered = frozenset({"objectIdentifiers"})
    defaults: ClassVar[Properties] = {"skipValidation": True}

    def identity(self, inputs: Properties) -> str:
        return f"{requote(inputs['tagId'])}|{inputs['tagValue']}|{inputs['objectType'].upper()}"

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        if name == "tagId" and isinstance(desired, str) and isinstance(actual, str):
            return requote(desired) == requote(actual)
        return super().same(name, desired, actual)

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        kind = inputs["objectType"].upper()
        if kind not in _TAGGED:
            raise CloudError(f"the fake does not tag a {kind}: describe it in the table of what is tagged")
        tag = self.account.require(TAG, inputs["tagId"])
        tagged = [self.account.require(_TAGGED[kind], name) for name in inputs["objectIdentifiers"]]
        if self.account.holds(session.role, "APPLY TAG"):
            return
        for found in (tag, *tagged):
            self.require_owner(session, found)

    def is_shown(self, session: RoleSession, found: CloudObject) -> bool:
        return self.is_shown_to_owner(session, found) or self.account.holds(session.role, "APPLY TAG")

    def admit_change(self, session: RoleSession, found: CloudObject, inputs: Properties) -> None:
        self.admit(session, inputs)

    def admit_delete(self, session: RoleSession, found: CloudObject) -> None:
        if self.exists(found):
            self.admit(session, found.attributes)

    def exists(self, found: CloudObject) -> bool:
        return self.account.find(TAG, requote(found.attributes["tagId"])) is not None
