"""The shipped lakehouse in a catalog of the stand-in for Databricks."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from databricks_delta.components.blueprint import Blueprint
from databricks_delta.components.deployment_lakehouse import databricks_lakehouse
from databricks_delta.lakehouse.databricks_lakehouse import DatabricksLakehouse
from databricks_delta.lakehouse.lakehouse import Lakehouse
from databricks_delta.lakehouse.landing import Ingestion
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement
from platform_contract.databricks_names import OPERATIONS_SCHEMA, DatabricksNames, Volume
from platform_contract.deployment import Deployment
from platform_runtime.lakehouse.tables import RunsOn
from platform_runtime.lakehouse.warehouse_use import WarehouseUse

from tests.code_locations.databricks_delta.lakehouse_under_test import shipped_blueprint
from tests.code_locations.databricks_delta.readings import Reading, csv_text, gzipped
from tests.rehearsal.hosts import DATABRICKS_HOST

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

# A test that orders a failure does not wait as long for it to pass as production does.
IMPATIENT = WarehouseUse(statement_timeout_seconds=60, start_timeout_seconds=6, attempts=2, retry_pause_seconds=0.1)


@dataclass(frozen=True)
class OnDatabricks:
    """A deployment's catalog, declared as infrastructure does, with nothing in it yet."""

    workspace: "Workspace"
    deployment: Deployment
    patience: WarehouseUse

    @property
    def catalog(self) -> str:
        return DatabricksNames(self.deployment).catalog

    @property
    def landing(self) -> Path:
        """The folder that stands for the source's folder of the landing volume."""
        return self.workspace.unity.volumes_root / self.catalog / OPERATIONS_SCHEMA / Volume.LANDING / "weather"

    @property
    def blueprint(self) -> Blueprint:
        return shipped_blueprint()

    @property
    def lakehouse(self) -> DatabricksLakehouse:
        return databricks_lakehouse(self.deployment, self.patience)

    def environment(self) -> dict[str, str]:
        """What signs a process in."""
        return {
            "DATABRICKS_SERVER_HOSTNAME": DATABRICKS_HOST,
            "DATABRICKS_HTTP_PATH": self.workspace.http_path,
            "DATABRICKS_TOKEN": self.workspace.token,
        }

    def declare(self) -> None:
        store = self.workspace.lakehouse
        store.create_catalog(self.catalog, None)
        for schema in DatabricksNames(self.deployment).schemas:
            store.create_schema(self.catalog, schema)
        for volume in Volume:
            store.create_volume(self.catalog, OPERATIONS_SCHEMA, volume.value)

    def land(self, name: str, content: Iterable[Reading] | bytes, modified_at: datetime) -> Path:
        """Put a file into the landing volume, compressed if its name says so."""
        self.landing.mkdir(exist_ok=True)
        path = self.landing / name
        path.write_bytes(content if isinstance(content, bytes) else _encoded(name, csv_text(content)))
        os.utime(path, (modified_at.timestamp(), modified_at.timestamp()))
        return path

    def ingest(self) -> Ingestion:
        return self.lakehouse.ingest(self.blueprint.sources[0].bronze, self.blueprint.sources[0].landing)

    def table(self, full_name: str) -> PeriodTable:
        """A table above bronze, computed by the warehouse whatever the declaration says."""
        found = next(table for table in self.blueprint.period_tables if table.table.full_name == full_name)
        return replace(found, runs_on=RunsOn.SQL_WAREHOUSE)

    def compute(self, table: PeriodTable, first_month: str, last_month: str) -> None:
        self.lakehouse.replace_periods(dg.build_asset_context(), table, PeriodRange(first_month, last_month))

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return self.lakehouse.query(Statement(sql, "a question of the test", {}), None)

    def ask(self, lakehouse: Lakehouse, sql: str) -> list[dict[str, Any]]:
        """The same question, of another engine."""
        return lakehouse.query(Statement(sql, "a question of the test", {}), None)

    def touch(self, path: Path, like: Path) -> None:
        """Give a file the times of another."""
        os.utime(path, ns=(like.stat().st_atime_ns, like.stat().st_mtime_ns))

    def sent(self, pattern: str) -> list[str]:
        """The statements that reached the warehouse."""
        return [statement.text for statement in self.workspace.statements.matching(pattern)]


def detail(on_databricks: OnDatabricks, full_name: str) -> Mapping[str, Any]:
    """What DESCRIBE DETAIL says of a table, its properties as a mapping."""
    (row,) = on_databricks.lakehouse.execute(f"DESCRIBE DETAIL {full_name}")
    return {**row, "properties": dict(row["properties"])}  # type: ignore[call-overload]


def _encoded(name: str, text: str) -> bytes:
    return gzipped(text) if name.endswith(".gz") else text.encode("utf-8")
