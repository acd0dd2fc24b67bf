import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, override

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import SNOWFLAKE_REQUIREMENTS, require_settings

from snowflake_medallion.prepared_file import PreparedFile
from snowflake_medallion.raw_store import RawSession, RawStore
from snowflake_medallion.raw_table import RawTable

if TYPE_CHECKING:
    from dagster_snowflake import SnowflakeResource
    from snowflake.connector import SnowflakeConnection

_FILE_FORMAT = "type = csv skip_header = 1 field_optionally_enclosed_by = '\"' empty_field_as_null = true"


class SnowflakeRawStore(RawStore):
    """Raw tables in a schema of Snowflake, loaded through an internal stage.

    Account and credential come from the environment when the store is first opened, never from configuration.
    """

    database: str
    schema_name: str
    stage: str
    warehouse: str
    role: str

    @override
    @contextmanager
    def open(self) -> Iterator[RawSession]:
        """Sign in.

        Raises:
            MissingSettingsError: naming every setting that the environment lacks.
        """
        with self._resource().get_connection() as connection:
            yield SnowflakeRawSession(connection, f"{self.database}.{self.schema_name}", self.stage)

    def _resource(self) -> "SnowflakeResource":
        settings = require_settings(os.environ, SNOWFLAKE_REQUIREMENTS, "the raw load into Snowflake")
        # It imports every Snowflake client there is, which takes seconds: only where one is used.
        from dagster_snowflake import SnowflakeResource  # noqa: PLC0415

        identity = settings.get(EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER)
        return SnowflakeResource(
            account=settings[EnvironmentVariable.SNOWFLAKE_ACCOUNT],
            user=settings[EnvironmentVariable.SNOWFLAKE_USER],
            private_key=settings.get(EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY),
            private_key_password=os.environ.get(EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE) or None,
            authenticator="WORKLOAD_IDENTITY" if identity else None,
            additional_snowflake_connection_args={"workload_identity_provider": identity} if identity else {},
            database=self.database,
            schema=self.schema_name,
            warehouse=self.warehouse,
            role=self.role,
        )


class SnowflakeRawSession(RawSession):
    """An open Snowflake session."""

    def __init__(self, connection: "SnowflakeConnection", schema: str, stage: str) -> None:
        self._connection = connection
        self._schema = schema
        self._stage = stage

    @override
    def create_table(self, table: RawTable) -> None:
        """Make the table in the schema unless it is there."""
        columns = ", ".join(f"{name} {kind}" for name, kind in table.column_types.items())
        self._query(f"create table if not exists {self._name(table)} ({columns})")

    @override
    def loaded_hashes(self, table: RawTable) -> set[str]:
        """The hashes of the files whose rows the table holds."""
        sql = f"select distinct _source_sha256 from {self._name(table)}"  # noqa: S608 - the name is the contract's
        return {sha256 for (sha256,) in self._query(sql)}

    @override
    def append(self, file: PreparedFile) -> None:
        """Stage the file and copy it in: one statement, so all of its rows or none.

        `force` sets the load history of COPY INTO aside: it remembers paths, and what is loaded is told by content.
        """
        folder = f"@{self._schema}.{self._stage}/{file.table.name}"
        self._query(f"put 'file://{file.path.as_posix()}' {folder} auto_compress = true overwrite = true")
        self._query(
            f"copy into {self._name(file.table)} from {folder}/{file.path.name}.gz"
            f" file_format = ({_FILE_FORMAT}) on_error = abort_statement force = true purge = true"
        )

    @override
    def count(self, table: RawTable) -> int:
        """How many rows the table holds."""
        sql = f"select count(*) from {self._name(table)}"  # noqa: S608 - the name is the contract's
        ((rows,),) = self._query(sql)
        return rows

    def _query(self, sql: str) -> Sequence[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def _name(self, table: RawTable) -> str:
        return f"{self._schema}.{table.name}"
