import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import dagster as dg
from platform_contract.deployment import parse_deployment
from platform_contract.domain import Domain
from platform_contract.domains import domain_named
from platform_contract.layer import Layer
from platform_contract.snowflake_names import LANDING_STAGE, SnowflakeNames
from platform_runtime.files.folder import HashedFile
from platform_runtime.files.staged_csv import COPY_FORMAT, write_staged
from platform_runtime.load_turns import make_turns, take_turn
from platform_runtime.query_tag import query_tag
from platform_runtime.snowflake_failure import explained_snowflake_failures
from pydantic import PrivateAttr

from architecture_patterns.landed import ORIGIN_COLUMNS, with_origin
from architecture_patterns.production_settings import ProductionSettings
from architecture_patterns.warehouse.snowflake_sign_in import snowflake_sign_in
from architecture_patterns.warehouse.warehouse import QueryResult, Warehouse, WarehouseSession

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

_LOGIN_SECONDS = 60
_QUEUE_SECONDS = 300
_STATEMENT_SECONDS = 600


class SnowflakeSession(WarehouseSession):
    """A connection to Snowflake.

    `schema` is where loads take turns, such as `RAW.<DOMAIN>`; files wait in `stage` there to be copied.
    """

    def __init__(self, connection: "SnowflakeConnection", schema: str, stage: str) -> None:
        self._connection = connection
        self._schema = schema
        self._stage = f"@{schema}.{stage}"

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        """Run one statement."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, tuple(parameters) or None)

    def query(self, sql: str) -> QueryResult:
        """Run one SELECT and fetch all of it."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return QueryResult(tuple(column.name.lower() for column in cursor.description), cursor.fetchall())

    def insert(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
        """Add rows in one statement."""
        if not rows:
            return
        marks = ", ".join("?" for _ in columns)
        with self._connection.cursor() as cursor:
            statement = f"insert into {table} ({', '.join(columns)}) values ({marks})"  # noqa: S608 - own names
            cursor.executemany(statement, [tuple(row) for row in rows])

    def take_turn(self) -> None:
        """Wait for the one row that every load changes."""
        self.execute(take_turn(self._schema), [])

    def append_file(self, table: str, file: HashedFile, columns: Sequence[str]) -> None:
        """Add a file's rows by PUT and COPY INTO; what is staged follows from the file, the time is COPY's own."""
        with TemporaryDirectory(prefix="stage-") as folder:
            staged = Path(folder) / f"{table.lower()}.{file.sha256}.csv.gz"
            write_staged(with_origin(file, columns), staged)
            source = f"{self._stage}/{staged.name}"
            self.execute(f"put 'file://{staged}' {self._stage} auto_compress = false overwrite = true", [])
            self.execute(
                # Forced: whether a file is loaded is decided by the table's content, not by Snowflake's load history,
                # which remembers files whose rows are long gone.
                f"copy into {table} ({', '.join([*columns, *ORIGIN_COLUMNS])}) from ({_staged_rows(columns, source)}) "
                f"file_format = ({COPY_FORMAT}) purge = true force = true",
                [],
            )


def _staged_rows(columns: Sequence[str], source: str) -> str:
    """The SELECT of the staged file's fields and, last, of the time of the load; the session's time zone is UTC."""
    fields = ", ".join(f"${number}" for number in range(1, len([*columns, *ORIGIN_COLUMNS])))
    return f"select {fields}, current_timestamp()::timestamp_ntz from {source}"  # noqa: S608 - own names


class SnowflakeWarehouse(Warehouse):
    """A deployment's Snowflake databases. Tables of the patterns stand beside those of a domain, under a prefix."""

    settings: ProductionSettings
    beside: str
    _run_id: str = PrivateAttr(default="none")

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Note which run this is, for the query history."""
        self._run_id = context.run_id or "none"

    @property
    def names(self) -> SnowflakeNames:
        """The deployment's names in Snowflake."""
        return SnowflakeNames(parse_deployment(self.settings.deployment))

    @property
    def domain(self) -> Domain:
        """The domain in whose schemas the tables stand."""
        return domain_named(self.beside)

    def table(self, layer: Layer, name: str) -> str:
        """`<database>.<schema>.<PATTERN>_<NAME>`."""
        prefixed = f"{self.settings.pattern}_{name}".upper()
        return f"{self.names.database(layer)}.{self.names.schema(self.domain, layer)}.{prefixed}"

    @contextmanager
    def session(self, layer: Layer) -> Iterator[WarehouseSession]:
        """A connection under the role and with the warehouse that write the layer.

        It ends with the block, however that is left, and so does whatever it still runs.

        Raises:
            MissingSettingsError: naming every setting that the environment lacks.
            ContractError: when the private key cannot be read, or there is no token where one is needed.
            dagster.Failure: for any error of Snowflake; its first line says what to do.
        """
        sign_in = snowflake_sign_in(self.settings.values(), os.environ)
        from snowflake.connector import connect  # noqa: PLC0415 - three seconds that the laptop never needs

        with (
            explained_snowflake_failures(f"{self.settings.pattern} on Snowflake"),
            connect(**sign_in, **self._place(layer), **self._limits()) as connection,
        ):
            schema = f"{self.names.raw_database}.{self.names.schema(self.domain, Layer.RAW)}"
            session = SnowflakeSession(connection, schema, LANDING_STAGE)
            if layer is Layer.RAW:
                session.execute(make_turns(schema), [])
            yield session

    def _place(self, layer: Layer) -> dict[str, str]:
        return {
            "role": self.names.layer_role(layer),
            "warehouse": self.names.layer_warehouse(layer),
            "database": self.names.database(layer),
            "schema": self.names.schema(self.domain, layer),
        }

    def _limits(self) -> dict[str, object]:
        pattern = self.settings.pattern.value
        return {
            "paramstyle": "qmark",
            "login_timeout": _LOGIN_SECONDS,
            # A broken connection is made again until the longest wait and the longest statement together are over.
            "network_timeout": _QUEUE_SECONDS + _STATEMENT_SECONDS,
            # Otherwise it asks every cloud's metadata service at sign-in whether it runs there.
            "platform_detection_timeout_seconds": 0.0,
            "session_parameters": {
                "TIMEZONE": "UTC",
                "QUERY_TAG": query_tag("patterns", f"patterns/{pattern}", self._run_id),
                "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": _QUEUE_SECONDS,
                "STATEMENT_TIMEOUT_IN_SECONDS": _STATEMENT_SECONDS,
                "LOCK_TIMEOUT": _QUEUE_SECONDS,
                # What a process that was killed has asked for ends too.
                "ABORT_DETACHED_QUERY": True,
                "CLIENT_TELEMETRY_ENABLED": False,
            },
        }
