from collections.abc import Iterator
from typing import ClassVar

from tests.fakes.pulumi_provider.input_rules import one_of, within
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal
from tests.fakes.pulumi_provider.snowflake.authority import RoleSession
from tests.fakes.pulumi_provider.snowflake.identifiers import quoted
from tests.fakes.pulumi_provider.snowflake.retention import PLANNED_DAYS, require_legal_retention
from tests.fakes.pulumi_provider.snowflake.snowflake_kind import TRUE_OR_FALSE, SnowflakeKind
from tests.fakes.pulumi_provider.snowflake.tokens import SCHEMA


class Schema(SnowflakeKind):
    """A schema; dropping a permanent one that holds tables is refused, a transient one holds nothing worth keeping."""

    token = SCHEMA
    path = ("database", "name")
    computed = ("fullyQualifiedName",)
    defaults: ClassVar[Properties] = {"comment": "", "isTransient": "false", "withManagedAccess": "false"}
    caseless = frozenset({"isTransient", "withManagedAccess"})

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from within(inputs, PLANNED_DAYS)
        yield from one_of(inputs, {"isTransient": TRUE_OR_FALSE, "withManagedAccess": TRUE_OR_FALSE})

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        database = self.account.require_database(inputs["database"])
        self.require_privilege_on(session, "CREATE SCHEMA", database)
        self._require_retention(inputs)

    def admit_change(self, session: RoleSession, found: CloudObject, inputs: Properties) -> None:
        super().admit_change(session, found, inputs)
        self._require_retention(inputs)

    def admit_delete(self, session: RoleSession, found: CloudObject) -> None:
        super().admit_delete(session, found)
        tables = self.account.store.tables(*self.parts(found.attributes))
        if tables and not self._is_transient(found.attributes):
            raise CloudError(f"schema {found.id} is not empty: it holds {', '.join(tables)}")

    def is_shown(self, session: RoleSession, found: CloudObject) -> bool:
        # The provider describes a schema, which takes MONITOR on it and any privilege on its database
        # (docs.snowflake.com, EXPLAIN_PRIVILEGES, the example of DESC SCHEMA).
        if self.is_shown_to_owner(session, found):
            return True
        database = self.account.require_database(quoted(self.parts(found.attributes)[0]))
        way = self.account.holds_any_on(session.role, database)
        return way and self.account.holds_on(session.role, "MONITOR", found)

    def make(self, made: CloudObject, session: RoleSession) -> None:
        database, schema = self.parts(made.attributes)
        self.account.store.create_schema(database, schema, self._is_transient(made.attributes))

    def unmake(self, gone: CloudObject) -> None:
        super().unmake(gone)
        self.account.store.drop_schema(*self.parts(gone.attributes))

    def exists(self, found: CloudObject) -> bool:
        database, schema = self.parts(found.attributes)
        return schema in self.account.store.schemas(database)

    def _require_retention(self, inputs: Properties) -> None:
        require_legal_retention(inputs, self._is_transient(inputs), self.account.edition)

    def _is_transient(self, inputs: Properties) -> bool:
        database = self.account.require_database(inputs["database"])
        own = str(inputs.get("isTransient", "false")).lower() == "true"
        return own or bool(database.attributes["isTransient"])
