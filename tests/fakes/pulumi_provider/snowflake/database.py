from collections.abc import Iterator
from typing import ClassVar

from tests.fakes.pulumi_provider.input_rules import within
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal
from tests.fakes.pulumi_provider.snowflake.authority import RoleSession
from tests.fakes.pulumi_provider.snowflake.retention import PLANNED_DAYS, require_legal_retention
from tests.fakes.pulumi_provider.snowflake.snowflake_kind import SnowflakeKind
from tests.fakes.pulumi_provider.snowflake.tokens import DATABASE, DATABASE_ROLE


class Database(SnowflakeKind):
    """A database; dropping one that still holds schemas of its own is refused."""

    token = DATABASE
    computed = ("fullyQualifiedName",)
    defaults: ClassVar[Properties] = {"comment": "", "isTransient": False, "dataRetentionTimeInDays": 1}

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from within(inputs, PLANNED_DAYS)

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        self.require_privilege(session, "CREATE DATABASE")
        require_legal_retention(inputs, bool(inputs.get("isTransient")), self.account.edition)

    def admit_change(self, session: RoleSession, found: CloudObject, inputs: Properties) -> None:
        super().admit_change(session, found, inputs)
        require_legal_retention(inputs, bool(inputs.get("isTransient")), self.account.edition)

    def admit_delete(self, session: RoleSession, found: CloudObject) -> None:
        super().admit_delete(session, found)
        (database,) = self.parts(found.attributes)
        schemas = [name for name in self.account.store.schemas(database) if name != "PUBLIC"]
        if schemas or self.account.store.tables(database, "PUBLIC"):
            raise CloudError(f"database {found.id} is not empty: it holds {', '.join(schemas) or 'tables in PUBLIC'}")

    def make(self, made: CloudObject, session: RoleSession) -> None:
        (database,) = self.parts(made.attributes)
        self.account.store.create_database(database, made.attributes["isTransient"])
        if made.attributes.get("dropPublicSchemaOnCreation"):
            self.account.store.drop_schema(database, "PUBLIC")

    def unmake(self, gone: CloudObject) -> None:
        super().unmake(gone)
        (database,) = self.parts(gone.attributes)
        self.account.store.drop_database(database)
        for role in self.account.of(DATABASE_ROLE):
            if role.attributes["database"] == database:
                self.account.forget_grants_about(role)
                self.account.remove(role)

    def exists(self, found: CloudObject) -> bool:
        return self.account.store.has_database(*self.parts(found.attributes))
