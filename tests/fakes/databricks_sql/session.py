import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.databricks_sql.engine_session import EngineSession
from tests.fakes.databricks_sql.operation import Operation
from tests.fakes.databricks_sql.sql_error import configuration_not_available
from tests.fakes.databricks_sql.unity_names import Namespace

# What a session may set on a SQL warehouse, and the setting of open Spark that does the same, where there is one.
_PARAMETERS: Mapping[str, str | None] = {
    "ANSI_MODE": "spark.sql.ansi.enabled",
    "LEGACY_TIME_PARSER_POLICY": "spark.sql.legacy.timeParserPolicy",
    "MAX_FILE_PARTITION_BYTES": "spark.sql.files.maxPartitionBytes",
    "QUERY_TAGS": None,
    "READ_ONLY_EXTERNAL_METASTORE": None,
    "STATEMENT_TIMEOUT": None,
    "TIMEZONE": "spark.sql.session.timeZone",
    "USE_CACHED_RESULT": None,
}
# The client sets it in every session, for itself.
_OF_THE_CLIENT = frozenset({"spark.thriftserver.arrowBasedRowSet.timestampAsString"})


@dataclass(slots=True)
class WarehouseSession:
    """A client's session: its engine session, where it resolves names, its settings and what runs in it."""

    engine: EngineSession
    namespace: Namespace
    parameters: dict[str, str] = field(default_factory=dict)
    operations: dict[uuid.UUID, Operation] = field(default_factory=dict)
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def timeout_seconds(self) -> float | None:
        """How long a statement may take; None for as long as it likes."""
        seconds = float(self.parameters.get("STATEMENT_TIMEOUT", 0))
        return seconds or None

    def set_parameter(self, name: str, value: str) -> None:
        """Change a setting of the session.

        Raises:
            SqlError: for one that SQL warehouses do not have, every `spark.…` setting among them.
        """
        if name in _OF_THE_CLIENT:
            return
        if name.upper() not in _PARAMETERS:
            raise configuration_not_available(name)
        self.parameters[name.upper()] = value
        setting = _PARAMETERS[name.upper()]
        if setting is not None:
            self.engine.run(f"SET {setting} = {value}", self.id.hex)

    def close(self) -> None:
        """End what runs in it, and the session."""
        for operation in self.operations.values():
            operation.fail("The session was closed.")
        self.engine.close()
