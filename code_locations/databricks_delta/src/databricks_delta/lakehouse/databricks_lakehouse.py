import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, override

import dagster as dg
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import DATABRICKS_REQUIREMENTS, require_settings

from databricks_delta.lakehouse import databricks_sql
from databricks_delta.lakehouse.bronze_columns import SOURCE_FILE, SOURCE_SHA256
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.lakehouse import Lakehouse, Reader, Row, TableState, TableVersion
from databricks_delta.lakehouse.landing import Ingestion, LandedFile, LandingSource
from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.months import MonthRange
from databricks_delta.lakehouse.runs_on import RunsOn
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable
from databricks_delta.spark_job.replacement import replacement
from databricks_delta.spark_job.spark_job import SparkJob
from databricks_delta.spark_job.workspace_client import workspace_client

if TYPE_CHECKING:
    from databricks.sql.client import Connection, Cursor


class DatabricksLakehouse(Lakehouse):
    """Delta tables of a Unity Catalog catalog, by statements sent to a SQL warehouse.

    It loads without any setting; whatever uses it fails at once when one is missing, and names all that are. Tables are
    read, replaced, restored and maintained; files are not taken in from a volume yet, and asking for it says so.

    Attributes:
        catalog: holds the schemas.
        landing_volume: absolute path of the volume where files arrive.
        code_volume: absolute path of the volume for the scripts of jobs.
    """

    catalog: str
    landing_volume: str
    code_volume: str

    @override
    def landed_files(self, source: LandingSource) -> list[LandedFile]:
        self._refuse_landing(source)

    @override
    def content_hashes(self, source: LandingSource, names: Iterable[str]) -> dict[str, str]:
        self._refuse_landing(source)

    @override
    def ingest(self, bronze: LakehouseTable, source: LandingSource) -> Ingestion:
        self._refuse_landing(source)

    @override
    def loaded_files(self, bronze: LakehouseTable) -> dict[str, str]:
        if not self.exists(bronze):
            return {}
        rows = self._rows(f"SELECT DISTINCT {SOURCE_SHA256}, {SOURCE_FILE} FROM {bronze.full_name}", {})  # noqa: S608
        return {str(row[SOURCE_SHA256]): str(row[SOURCE_FILE]) for row in rows}

    @override
    def replace_months(self, context: dg.AssetExecutionContext, target: MonthTable, months: MonthRange) -> None:
        parameters: dict[str, Any] = {**target.statement.for_months(months).bound_parameters}
        with self._cursor() as cursor:
            cursor.execute(databricks_sql.create_table(target.table))
            if target.runs_on is RunsOn.SQL_WAREHOUSE:
                cursor.execute(databricks_sql.replace_months(target, months), parameters)
        if target.runs_on is RunsOn.SPARK_JOB:
            job = SparkJob(workspace_client(self._settings()), self.code_volume, target.timeout)
            job.run(context, replacement(self.catalog, target, months))

    @override
    @contextmanager
    def reader(self) -> Iterator[Reader]:
        with self._cursor() as cursor:
            yield _CursorReader(cursor)

    @override
    def exists(self, table: LakehouseTable) -> bool:
        return bool(self._rows(databricks_sql.show_table(table), {}))

    @override
    def state(self, table: LakehouseTable) -> TableState:
        detail = self._rows(f"DESCRIBE DETAIL {table.full_name}", {})[0]
        newest = self.history(table)[0]
        return TableState(newest.version, int(str(detail["numFiles"])), int(str(detail["sizeInBytes"])))

    @override
    def history(self, table: LakehouseTable) -> list[TableVersion]:
        entries = self._rows(f"DESCRIBE HISTORY {table.full_name}", {})
        return [
            TableVersion(int(str(entry["version"])), _instant(entry["timestamp"]), str(entry["operation"]))
            for entry in entries
        ]

    @override
    def restore(self, table: LakehouseTable, version: int) -> None:
        self._rows(f"RESTORE TABLE {table.full_name} TO VERSION AS OF {version:d}", {})

    @override
    def maintain(self, table: LakehouseTable) -> Mapping[str, int]:
        with self._cursor() as cursor:
            for statement in databricks_sql.maintain(table):
                cursor.execute(statement)
        return {}

    def execute(self, sql: str) -> list[Row]:
        """The rows of one statement that stands for itself, none where it gives none."""
        return self._rows(sql, {})

    def _rows(self, sql: str, parameters: Mapping[str, Any]) -> list[Row]:
        with self._cursor() as cursor:
            return _rows(cursor, sql, parameters)

    @contextmanager
    def _cursor(self) -> "Iterator[Cursor]":
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
            yield cursor

    def _connect(self) -> "Connection":
        settings = self._settings()
        from databricks import sql  # noqa: PLC0415 - a cloud client, which the laptop does not have

        return sql.connect(
            server_hostname=settings[EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME],
            http_path=settings[EnvironmentVariable.DATABRICKS_HTTP_PATH],
            catalog=self.catalog,
            enable_telemetry=False,
            **_credentials(settings),
        )

    def _settings(self) -> dict[EnvironmentVariable, str]:
        return require_settings(os.environ, DATABRICKS_REQUIREMENTS, f"the lakehouse in catalog {self.catalog}")

    def _refuse_landing(self, source: LandingSource) -> NoReturn:
        self._settings()
        raise LakehouseError(
            f"{self.landing_volume}/{source.folder}: files are not taken in from a Databricks volume yet; "
            "load them with demo_mode true"
        )


class _CursorReader(Reader):
    def __init__(self, cursor: "Cursor") -> None:
        self._cursor = cursor

    @override
    def query(self, statement: Statement, months: MonthRange | None) -> list[Row]:
        return _rows(self._cursor, statement.sql, statement.bound_parameters)


def _rows(cursor: "Cursor", sql: str, parameters: Mapping[str, Any]) -> list[Row]:
    cursor.execute(sql, dict(parameters))
    return [row.asDict() for row in cursor.fetchall()] if cursor.description else []


def _credentials(settings: Mapping[EnvironmentVariable, str]) -> dict[str, Any]:
    if EnvironmentVariable.DATABRICKS_TOKEN in settings:
        return {"access_token": settings[EnvironmentVariable.DATABRICKS_TOKEN]}
    from databricks.sdk.core import Config  # noqa: PLC0415
    from databricks.sdk.credentials_provider import oauth_service_principal  # noqa: PLC0415

    config = Config(
        host=f"https://{settings[EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME]}",
        client_id=settings[EnvironmentVariable.DATABRICKS_CLIENT_ID],
        client_secret=settings[EnvironmentVariable.DATABRICKS_CLIENT_SECRET],
    )
    return {"credentials_provider": lambda: oauth_service_principal(config)}


def _instant(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise LakehouseError(f"a table's history holds {value!r} where a time belongs")
    return value if value.tzinfo else value.replace(tzinfo=UTC)
