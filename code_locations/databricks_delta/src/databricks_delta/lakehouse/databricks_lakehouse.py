import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import override

import dagster as dg
from platform_contract.deployment import parse_deployment
from platform_contract.domain import Domain, Engine
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import OBJECT_STORAGE_REQUIREMENTS, require_settings
from platform_contract.storage_paths import storage_paths
from platform_runtime.files.file_format import matches
from platform_runtime.files.landed_file import Listing
from platform_runtime.files.landing_place import LandingPlace
from platform_runtime.files.object_storage_place import storage_place
from platform_runtime.files.refusal import Refusal
from platform_runtime.lakehouse.tables import RunsOn

from databricks_delta.lakehouse import databricks_sql
from databricks_delta.lakehouse.databricks.credentials import databricks_settings
from databricks_delta.lakehouse.databricks.evolution import ensure_table
from databricks_delta.lakehouse.databricks.ingestion import VolumeIngestion
from databricks_delta.lakehouse.databricks.landing_volume import LandingVolume
from databricks_delta.lakehouse.databricks.loads import loads
from databricks_delta.lakehouse.databricks.maintenance import maintain_table
from databricks_delta.lakehouse.databricks.session import Session
from databricks_delta.lakehouse.databricks.volume_listing import VolumeFolder, volume_listing
from databricks_delta.lakehouse.databricks.volume_place import VolumePlace
from databricks_delta.lakehouse.databricks.warehouse import perform, warehouse_reader
from databricks_delta.lakehouse.databricks.warehouse_settings import WarehouseSettings
from databricks_delta.lakehouse.dimension_table import DimensionTable
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.lakehouse import Lakehouse, Reader, Row, TableState, TableVersion
from databricks_delta.lakehouse.landing import Ingestion, LandingSource
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable
from databricks_delta.spark_job.replacement import replacement
from databricks_delta.spark_job.spark_job import SparkJob
from databricks_delta.spark_job.workspace_client import workspace_client


class DatabricksLakehouse(Lakehouse):
    """Delta tables of a Unity Catalog catalog, by statements sent to a SQL warehouse.

    It loads without any setting; whatever uses it fails at once when one is missing, and names all that are. Every
    operation may run twice: one whose connection, session or commit is lost is done again from its start.

    Attributes:
        catalog: holds the schemas.
        landing_volume: absolute path of the volume where files arrive.
        code_volume: absolute path of the volume for the scripts of jobs.
        deployment: whose statements these are, in the warehouse's query history.
        statement_timeout_seconds: after that long the warehouse ends a statement.
        start_timeout_seconds: how long the warehouse may take to start, and a connection to come back.
        attempts: how often an operation is tried when what stopped it passes by itself.
        retry_pause_seconds: pause before the second attempt; it doubles before each one after that.
    """

    catalog: str
    landing_volume: str
    code_volume: str
    deployment: str
    statement_timeout_seconds: int
    start_timeout_seconds: int
    attempts: int
    retry_pause_seconds: float

    @override
    def landed(self, source: LandingSource) -> Listing:
        landed = volume_listing(databricks_settings(self.catalog), self._landing(source))
        return replace(landed, files=tuple(file for file in landed.files if matches(file.name, [source.files])))

    @override
    def content_hashes(self, source: LandingSource, names: Iterable[str]) -> dict[str, str | Refusal]:
        wanted = set(names)
        if not wanted:
            return {}
        settings, folder = databricks_settings(self.catalog), self._landing(source)
        return dict(perform(self._warehouse, lambda session: LandingVolume(session, settings, folder).hashes(wanted)))

    @override
    def ingest(self, bronze: LakehouseTable, source: LandingSource) -> Ingestion:
        settings = databricks_settings(self.catalog)
        return perform(self._warehouse, VolumeIngestion(bronze, source, settings, self._landing(source)).run)

    @override
    def loaded_files(self, bronze: LakehouseTable) -> dict[str, str]:
        return perform(self._warehouse, lambda session: _loaded_files(session, bronze))

    @override
    def replace_periods(self, context: dg.AssetExecutionContext, target: PeriodTable, periods: PeriodRange) -> None:
        perform(self._warehouse, lambda session: _replace_periods(session, target, periods))
        if target.runs_on is RunsOn.SPARK_JOB:
            self._spark_job(target).run(context, replacement(self.catalog, target, periods))

    @override
    def replace_whole(self, target: DimensionTable) -> bool:
        # Of all attempts: the answer to one that replaced the rows may have been lost.
        differed: list[bool] = []
        perform(self._warehouse, lambda session: differed.append(_replace_whole(session, target)))
        return any(differed)

    @override
    def reader(self) -> AbstractContextManager[Reader]:
        return warehouse_reader(self._warehouse)

    @override
    def export[Result](
        self, statement: Statement, periods: PeriodRange, take: Callable[[Iterable[list[Row]]], Result]
    ) -> Result:
        sql, parameters = statement.sql, statement.bound_parameters
        return perform(self._warehouse, lambda session: take(session.pages(sql, parameters, statement.origin)))

    @override
    def landing_place(self, receiver: Domain) -> LandingPlace:
        """A volume takes the files of a domain that is built here, object storage those of any other.

        What is built in Snowflake loads from object storage, which the catalog has no location for, and should have
        none: every table of the workspace would be a statement away from files that are not the lakehouse's. The
        process of the run can write there, as those of the receiver read there, by its own identity.
        """
        if receiver.engine is Engine.DATABRICKS:
            client = workspace_client(databricks_settings(self.catalog))
            return VolumePlace(client, f"{self.landing_volume}/{receiver}")
        doing = f"publishing to {receiver} on {self.deployment}"
        settings = require_settings(os.environ, OBJECT_STORAGE_REQUIREMENTS, doing)
        deployment = parse_deployment(self.deployment)
        storage = storage_paths(settings[EnvironmentVariable.PLATFORM_STORAGE_URI], deployment)
        return storage_place(storage.source(receiver.name))

    @override
    def exists(self, table: LakehouseTable) -> bool:
        return perform(self._warehouse, lambda session: _exists(session, table))

    @override
    def state(self, table: LakehouseTable) -> TableState:
        return perform(self._warehouse, lambda session: _state(session, table))

    @override
    def history(self, table: LakehouseTable) -> list[TableVersion]:
        entries = self.execute(f"DESCRIBE HISTORY {table.full_name}")
        return [_version(entry, table) for entry in entries]

    @override
    def restore(self, table: LakehouseTable, version: int) -> None:
        self.execute(f"RESTORE TABLE {table.full_name} TO VERSION AS OF {version:d}")

    @override
    def maintain(self, table: LakehouseTable) -> Mapping[str, int]:
        return perform(self._warehouse, lambda session: maintain_table(session, table))

    def execute(self, sql: str) -> list[Row]:
        """The rows of one statement that stands for itself and may run twice, none where it gives none."""
        return perform(self._warehouse, lambda session: session.rows(sql, {}, f"catalog {self.catalog}"))

    def _landing(self, source: LandingSource) -> VolumeFolder:
        return VolumeFolder(self.landing_volume, source.folder)

    def _spark_job(self, target: PeriodTable) -> SparkJob:
        return SparkJob(
            client=workspace_client(databricks_settings(self.catalog)),
            volume=self.code_volume,
            timeout=target.timeout,
            budget_policy_id=os.environ.get(EnvironmentVariable.DATABRICKS_BUDGET_POLICY_ID) or None,
            patience=self._warehouse,
        )

    @property
    def _warehouse(self) -> WarehouseSettings:
        return WarehouseSettings(
            catalog=self.catalog,
            deployment=self.deployment,
            statement_timeout_seconds=self.statement_timeout_seconds,
            start_timeout_seconds=self.start_timeout_seconds,
            attempts=self.attempts,
            retry_pause_seconds=self.retry_pause_seconds,
        )


def _replace_periods(session: Session, target: PeriodTable, periods: PeriodRange) -> None:
    """The table as it is declared; its periods as well, unless a job is to compute them."""
    ensure_table(session, target.table)
    if target.runs_on is RunsOn.SQL_WAREHOUSE:
        parameters = target.statement.for_periods(periods).bound_parameters
        about = f"{target.table.full_name}, {periods}, {target.statement.origin}"
        session.rows(databricks_sql.replace_periods(target, periods), parameters, about)


def _replace_whole(session: Session, target: DimensionTable) -> bool:
    ensure_table(session, target.table)
    changes, contents = target.changes, target.contents(datetime.now(UTC))
    about = f"{target.table.full_name}, {target.statement.origin}"
    (counted,) = session.rows(changes.sql, changes.bound_parameters, about)
    if not counted["n"]:
        return False
    session.rows(databricks_sql.replace_whole(target, contents), contents.bound_parameters, about)
    return True


def _exists(session: Session, table: LakehouseTable) -> bool:
    return bool(session.rows(databricks_sql.show_table(table), {}, table.full_name))


def _loaded_files(session: Session, bronze: LakehouseTable) -> dict[str, str]:
    if not _exists(session, bronze):
        return {}
    return {content: load.file for content, load in loads(session, bronze, None).items()}


def _state(session: Session, table: LakehouseTable) -> TableState:
    (detail,) = session.rows(f"DESCRIBE DETAIL {table.full_name}", {}, table.full_name)
    (newest,) = session.rows(f"DESCRIBE HISTORY {table.full_name} LIMIT 1", {}, table.full_name)
    return TableState(
        version=int(str(newest["version"])),
        files=int(str(detail["numFiles"])),
        size_bytes=int(str(detail["sizeInBytes"])),
    )


def _version(entry: Row, table: LakehouseTable) -> TableVersion:
    at = entry["timestamp"]
    if not isinstance(at, datetime):
        raise LakehouseError(f"{table.full_name}: its history holds {at!r} where a time belongs")
    return TableVersion(
        int(str(entry["version"])), at if at.tzinfo else at.replace(tzinfo=UTC), str(entry["operation"])
    )
