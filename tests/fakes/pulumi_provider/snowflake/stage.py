from collections.abc import Iterator
from typing import ClassVar

from tests.fakes.pulumi_provider.input_rules import exactly_one, one_of
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import Refusal
from tests.fakes.pulumi_provider.snowflake.authority import RoleSession
from tests.fakes.pulumi_provider.snowflake.identifiers import quoted
from tests.fakes.pulumi_provider.snowflake.snowflake_kind import TRUE_OR_FALSE, SnowflakeKind
from tests.fakes.pulumi_provider.snowflake.tokens import STAGE_INTERNAL

_FORMATS = ("avro", "csv", "formatName", "json", "orc", "parquet", "xml")
_CSV = {
    "binaryFormat": frozenset({"HEX", "BASE64", "UTF8"}),
    "compression": frozenset({"AUTO", "GZIP", "BZ2", "BROTLI", "ZSTD", "DEFLATE", "RAW_DEFLATE", "NONE"}),
    "errorOnColumnCountMismatch": TRUE_OR_FALSE,
    "emptyFieldAsNull": TRUE_OR_FALSE,
    "multiLine": TRUE_OR_FALSE,
    "parseHeader": TRUE_OR_FALSE,
    "skipBlankLines": TRUE_OR_FALSE,
    "trimSpace": TRUE_OR_FALSE,
}


class InternalStage(SnowflakeKind):
    """A stage whose files Snowflake keeps."""

    token = STAGE_INTERNAL
    path = ("database", "schema", "name")
    computed = ("fullyQualifiedName",)
    defaults: ClassVar[Properties] = {"comment": ""}

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        file_format = inputs.get("fileFormat")
        if isinstance(file_format, dict):
            yield from exactly_one(file_format, _FORMATS, "fileFormat")
            if isinstance(file_format.get("csv"), dict):
                yield from one_of(file_format["csv"], _CSV)

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        database, schema, _ = self.parts(inputs)
        container = self.account.require_schema(quoted(database, schema))
        self.require_privilege_on(session, "CREATE STAGE", container)

    def is_shown(self, session: RoleSession, found: CloudObject) -> bool:
        # DESCRIBE STAGE takes READ on an internal one, with which one may read its files.
        return self.is_shown_to_owner(session, found) or self.account.holds_on(session.role, "READ", found)

    def make(self, made: CloudObject, session: RoleSession) -> None:
        self.account.store.create_stage(*self.parts(made.attributes))

    def unmake(self, gone: CloudObject) -> None:
        super().unmake(gone)
        self.account.store.drop_stage(*self.parts(gone.attributes))

    def exists(self, found: CloudObject) -> bool:
        return self.account.store.has_stage(*self.parts(found.attributes))
