from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, override

import dagster as dg
from platform_contract.domain import Domain
from platform_runtime.files.file_format import matches
from platform_runtime.files.landed_file import Listing
from platform_runtime.files.landing_place import LandingPlace
from platform_runtime.files.local_folder import LocalFolder
from platform_runtime.files.local_place import LocalPlace
from platform_runtime.files.refusal import Refusal

from databricks_delta.lakehouse.dimension_table import DimensionTable
from databricks_delta.lakehouse.lakehouse import Lakehouse, Reader, Row, TableState, TableVersion
from databricks_delta.lakehouse.landing import Ingestion, LandingSource
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable

if TYPE_CHECKING:
    from databricks_delta.lakehouse.delta_engine import DeltaEngine


class LocalLakehouse(Lakehouse):
    """Delta tables in folders of this machine: delta-rs writes them, DuckDB computes.

    Attributes:
        tables_folder: holds the tables, `<schema>/<table>`.
        landing_folder: holds a folder for each source.
        scratch_folder: where DuckDB may spill.
    """

    tables_folder: str
    landing_folder: str
    scratch_folder: str

    @override
    def landed(self, source: LandingSource) -> Listing:
        listing = self._landing(source).listing()
        return replace(listing, files=tuple(file for file in listing.files if matches(file.name, [source.files])))

    @override
    def content_hashes(self, source: LandingSource, names: Iterable[str]) -> dict[str, str | Refusal]:
        wanted = set(names)
        folder = self._landing(source)
        return {file.name: folder.hash_of(file) for file in folder.listing().files if file.name in wanted}

    @override
    def loaded_files(self, bronze: LakehouseTable) -> dict[str, str]:
        return self._engine.loaded_files(bronze)

    @override
    def ingest(self, bronze: LakehouseTable, source: LandingSource) -> Ingestion:
        return self._engine.ingest(bronze, source, self._landing(source))

    @override
    def replace_periods(self, context: dg.AssetExecutionContext, target: PeriodTable, periods: PeriodRange) -> None:
        self._engine.replace_periods(target, periods)

    @override
    def replace_whole(self, target: DimensionTable) -> bool:
        return self._engine.replace_whole(target)

    @override
    def reader(self) -> AbstractContextManager[Reader]:
        return self._engine.reader()

    @override
    def export[Result](
        self, statement: Statement, periods: PeriodRange, take: Callable[[Iterable[list[Row]]], Result]
    ) -> Result:
        return self._engine.export(statement, periods, take)

    @override
    def landing_place(self, receiver: Domain) -> LandingPlace:
        return LocalPlace(Path(self.landing_folder) / receiver.name)

    @override
    def exists(self, table: LakehouseTable) -> bool:
        return self._engine.exists(table.full_name)

    @override
    def state(self, table: LakehouseTable) -> TableState:
        return self._engine.state(table)

    @override
    def history(self, table: LakehouseTable) -> list[TableVersion]:
        return self._engine.history(table)

    @override
    def restore(self, table: LakehouseTable, version: int) -> None:
        self._engine.restore(table, version)

    @override
    def maintain(self, table: LakehouseTable) -> Mapping[str, int]:
        return self._engine.maintain(table)

    def _landing(self, source: LandingSource) -> LocalFolder:
        return LocalFolder(Path(self.landing_folder) / source.folder)

    @property
    def _engine(self) -> "DeltaEngine":
        # Not where definitions load: DuckDB and delta-rs take a third of a second to import.
        from databricks_delta.lakehouse.delta_engine import DeltaEngine  # noqa: PLC0415

        return DeltaEngine(Path(self.tables_folder), Path(self.scratch_folder))
