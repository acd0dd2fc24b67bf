"""A lakehouse as its location declares it, in a folder of the test's own."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import dagster as dg
import pyarrow as pa
import pytest
from dagster import DagsterInstance
from dagster._core.definitions.sensor_definition import SensorExecutionData
from databricks_delta.assets.bronze_asset import FILES_READABLE
from databricks_delta.components.blueprint import Blueprint
from databricks_delta.components.lakehouse_component import LakehouseComponent
from databricks_delta.lakehouse.landing import Ingestion
from databricks_delta.lakehouse.local_lakehouse import LocalLakehouse
from databricks_delta.lakehouse.periods import PeriodRange
from deltalake import DeltaTable
from platform_contract.domains import domain_named
from platform_contract.local_paths import LocalPaths

from tests.code_locations.databricks_delta.readings import LOCATION, Reading, csv_text, gzipped
from tests.deployments import LOCAL

SHIPPED_DEFS = LOCATION / "src" / "databricks_delta" / "defs"

BRONZE = "bronze.weather_readings"
SILVER = "silver.weather_readings"
REJECTED = "silver.weather_readings_rejected"
DAILY = "gold.station_daily_summary"
ANOMALIES = "gold.temperature_anomalies"
ABOVE_BRONZE = (SILVER, REJECTED, DAILY, ANOMALIES)


def load_tree(folder: Path) -> dg.ComponentTree:
    """The components of a `defs` folder, wherever it lies."""
    module = ModuleType("defs_under_test")
    module.__file__, module.__path__ = None, [str(folder)]
    return dg.ComponentTree.from_module(defs_module=module, project_root=folder.parent)


def load_defs(folder: Path) -> dg.Definitions:
    """The definitions of a `defs` folder."""
    return load_tree(folder).build_defs_at_path(Path())


def load_blueprint(folder: Path, domain: str) -> Blueprint:
    """The tables and statements of a lakehouse that a `defs` folder declares."""
    components = load_tree(folder).get_all_components(of_type=LakehouseComponent)
    (declaration,) = [one.declaration for one in components if one.declaration.domain == domain]
    return Blueprint(declaration, domain_named(domain), folder / domain)


@cache
def shipped_blueprint() -> Blueprint:
    """The shipped tables and statements; they do not depend on the environment."""
    return load_blueprint(SHIPPED_DEFS, "weather")


@dataclass
class LakehouseUnderTest:
    """Definitions, the stores that they write, and the instance that remembers their runs."""

    folder: Path
    paths: LocalPaths
    domain: str
    open_until_the_end: ExitStack

    @cached_property
    def instance(self) -> DagsterInstance:
        return self.open_until_the_end.enter_context(DagsterInstance.ephemeral())

    @cached_property
    def defs(self) -> dg.Definitions:
        return load_defs(self.folder)

    @cached_property
    def blueprint(self) -> Blueprint:
        return shipped_blueprint() if self.folder == SHIPPED_DEFS else load_blueprint(self.folder, self.domain)

    def key(self, table: str) -> dg.AssetKey:
        return dg.AssetKey([self.domain, *table.split(".")])

    @property
    def lakehouse(self) -> LocalLakehouse:
        return LocalLakehouse(
            tables_folder=str(self.paths.lakehouse),
            landing_folder=str(self.paths.landing),
            scratch_folder=str(self.paths.scratch),
        )

    def declared_by(self, folder: Path) -> "LakehouseUnderTest":
        """The same stores under another declaration."""
        return LakehouseUnderTest(folder, self.paths, self.domain, self.open_until_the_end)

    def of_domain(self, domain: str) -> "LakehouseUnderTest":
        """Another lakehouse of the same definitions, in the same stores."""
        return LakehouseUnderTest(self.folder, self.paths, domain, self.open_until_the_end)

    def land(self, name: str, content: Iterable[Reading] | bytes, modified_at: datetime) -> Path:
        """Put a file into the landing folder, compressed if its name says so."""
        path = self.paths.landing / self.domain / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else _encoded(name, csv_text(content)))
        os.utime(path, (modified_at.timestamp(), modified_at.timestamp()))
        return path

    def run(
        self, tables: Sequence[str], first_month: str, last_month: str, *, succeeds: bool = True
    ) -> dg.ExecuteInProcessResult:
        """Materialise tables, with their checks, for a range of periods."""
        result = self.defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=self.instance,
            asset_selection=[self.key(table) for table in tables],
            tags=_range(first_month, last_month),
            raise_on_error=succeeds,
        )
        assert result.success is succeeds
        return result

    def check(self, table: str, *periods: str) -> dict[str, dg.AssetCheckEvaluation]:
        """Run a table's checks alone: for the first to the last of the periods, or for none in particular."""
        graph = self.defs.resolve_asset_graph()
        checks = graph.get_check_keys_for_assets({self.key(table)})
        job = self.defs.resolve_implicit_global_asset_job_def()
        own = frozenset(key for key in checks if key.name != FILES_READABLE)
        result = job.get_subset(asset_selection=set(), asset_check_selection=own).execute_in_process(
            instance=self.instance, tags=_range(periods[0], periods[-1]) if periods else {}
        )
        return {found.check_name: found for found in result.get_asset_check_evaluations()}

    def tick(self, sensor: str, cursor: str | None) -> SensorExecutionData:
        """One evaluation of a sensor, as the daemon makes it."""
        repository = self.defs.get_repository_def()
        context = dg.build_sensor_context(
            instance=self.instance, cursor=cursor, repository_def=repository, resources=self.defs.resources
        )
        return repository.get_sensor_def(sensor).evaluate_tick(context)

    def launch(self, request: dg.RunRequest) -> dg.ExecuteInProcessResult:
        """The run that a sensor asked for, with the checks that Dagster adds to it."""
        return self.defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=self.instance, asset_selection=list(request.asset_selection or []), tags=dict(request.tags)
        )

    def run_all(self, first_month: str = "2013-01", last_month: str = "2013-12") -> dg.ExecuteInProcessResult:
        return self.run((BRONZE, *ABOVE_BRONZE), first_month, last_month)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return pa.table(self.delta(table).scan()).to_pylist()

    def delta(self, table: str) -> DeltaTable:
        """A table by its declared name, where its domain keeps it."""
        schema, name = self.blueprint.places[table].split(".")
        return DeltaTable(self.paths.lakehouse / schema / name)

    def ingest(self) -> Ingestion:
        """Take in what has landed, without a Dagster run."""
        return self.lakehouse.ingest(self.blueprint.sources[0].bronze, self.blueprint.sources[0].landing)

    def compute(self, first_month: str, last_month: str) -> None:
        """Replace the periods of every table above bronze, without a Dagster run."""
        for table in self.blueprint.period_tables:
            self.lakehouse.replace_periods(dg.build_asset_context(), table, PeriodRange(first_month, last_month))

    def counts(self) -> dict[str, int]:
        return {table: len(self.rows(table)) for table in (BRONZE, *ABOVE_BRONZE)}


@contextmanager
def lakehouse_under_test(local_root: Path, folder: Path) -> Iterator[LakehouseUnderTest]:
    """The lakehouse of a `defs` folder, writing under a root that the environment names already."""
    with ExitStack() as open_until_the_end:
        yield LakehouseUnderTest(folder, LocalPaths(local_root, LOCAL), "weather", open_until_the_end)


@contextmanager
def lakehouse_of(domain: str, folder: Path) -> Iterator[LakehouseUnderTest]:
    """The lakehouse of a domain among those of a `defs` folder, writing where the environment says."""
    with lakehouse_under_test(Path(os.environ["PLATFORM_LOCAL_ROOT"]), folder) as lakehouse:
        yield lakehouse.of_domain(domain)


def declare(folder: Path, domain: str, declaration: str, sql: Mapping[str, str]) -> Path:
    """Write a lakehouse down in a `defs` folder, which is made unless it is there: its `defs.yaml` and SQL files."""
    home = folder / domain
    home.mkdir(parents=True)
    for name, text in {"defs.yaml": declaration, **sql}.items():
        (home / name).write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path) -> str:
    """Why a `defs` folder does not load: what each error says, and those that it came from."""
    with pytest.raises(Exception) as refused:  # noqa: PT011 - Dagster wraps ours in its own
        load_defs(folder)
    causes: list[BaseException] = [refused.value]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    return "\n".join(map(str, causes))


def materialised(result: dg.ExecuteInProcessResult, key: dg.AssetKey) -> dict[str | None, dict[str, Any]]:
    """The metadata of an asset's materialisations in a run, by partition."""
    events = [event.materialization for event in result.get_asset_materialization_events()]
    return {
        event.partition: {name: value.value for name, value in event.metadata.items()}
        for event in events
        if event.asset_key == key
    }


def evaluations(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    """A run's check results, by `<layer>.<table>:<check>`."""
    return {
        f"{'.'.join(found.asset_key.path[1:])}:{found.check_name}": found
        for found in result.get_asset_check_evaluations()
    }


def _range(first_month: str, last_month: str) -> dict[str, str]:
    return {"dagster/asset_partition_range_start": first_month, "dagster/asset_partition_range_end": last_month}


def _encoded(name: str, text: str) -> bytes:
    return gzipped(text) if name.endswith(".gz") else text.encode("utf-8")
