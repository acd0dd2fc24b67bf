from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import dagster as dg
from platform_contract.domain import Domain
from platform_runtime.files.landed_file import Listing
from platform_runtime.files.landing_place import LandingPlace
from platform_runtime.files.refusal import Refusal

from databricks_delta.lakehouse.dimension_table import DimensionTable
from databricks_delta.lakehouse.landing import Ingestion, LandingSource
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable

type Row = dict[str, object]

ROWS_AT_ONCE = 20_000
"""How many rows of an export are in memory at a time."""


@dataclass(frozen=True, slots=True)
class TableState:
    """A table as it stands: its Delta version, and the files that hold it."""

    version: int
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One entry of a table's history."""

    version: int
    at: datetime
    operation: str


class Reader(ABC):
    """One connection to the tables, for as many questions as one has."""

    @abstractmethod
    def query(self, statement: Statement, periods: PeriodRange | None) -> list[Row]:
        """The rows that a statement selects.

        Args:
            statement: names the first and the last period only if they are set.
            periods: the only periods of any table that the statement looks at; None for all.

        Raises:
            LakehouseError: when a table that the statement reads does not exist, or the statement fails.
        """


class Lakehouse(dg.ConfigurableResource, ABC):
    """Delta tables and the landing folder that feeds them, on one engine.

    Every SELECT is Databricks SQL; timestamps are instants, and days and hours are UTC, on every engine.
    """

    @abstractmethod
    def landed(self, source: LandingSource) -> Listing:
        """What lies in the source's folder, but for files that its pattern does not match; no file is read."""

    @abstractmethod
    def content_hashes(self, source: LandingSource, names: Iterable[str]) -> dict[str, str | Refusal]:
        """SHA-256 by file name; one that is gone by now is left out, and of one that cannot be read it is said why."""

    @abstractmethod
    def loaded_files(self, bronze: LakehouseTable) -> dict[str, str]:
        """The name under which each content was loaded, by the SHA-256 of every file that bronze holds."""

    @abstractmethod
    def ingest(self, bronze: LakehouseTable, source: LandingSource) -> Ingestion:
        """Add to bronze the rows of every landed file whose content is not there.

        A file that cannot be loaded is reported and left in the landing folder; the others are loaded.
        """

    @abstractmethod
    def replace_periods(self, context: dg.AssetExecutionContext, target: PeriodTable, periods: PeriodRange) -> None:
        """Replace the periods of a table by what its SELECT gives for them now.

        Args:
            context: the run that asks for it: where logs go, and who to name to the engine.
            target: the table.
            periods: the periods.

        Raises:
            LakehouseError: when a table that the SELECT reads does not exist, when the SELECT fails or gives other
                columns than the table declares, and when other writers kept getting in first.
        """

    @abstractmethod
    def replace_whole(self, target: DimensionTable) -> bool:
        """Let a dimension be what its SELECT gives now; whether that is anything else than it was.

        Raises:
            LakehouseError: as for periods.
        """

    @abstractmethod
    def reader(self) -> AbstractContextManager[Reader]:
        """A connection that is closed when the context ends."""

    def query(self, statement: Statement, periods: PeriodRange | None) -> list[Row]:
        """The answer to a single question; see `Reader.query`."""
        with self.reader() as reader:
            return reader.query(statement, periods)

    @abstractmethod
    def export[Result](
        self, statement: Statement, periods: PeriodRange, take: Callable[[Iterable[list[Row]]], Result]
    ) -> Result:
        """What becomes of the rows that a statement selects, of which only some are in memory at a time.

        Args:
            statement: the SELECT.
            periods: the only periods of any table that it looks at.
            take: is handed the rows, a page at a time; once more from the start, should the connection be lost.

        Raises:
            LakehouseError: when a table that the statement reads does not exist, or the statement fails.
        """

    @abstractmethod
    def landing_place(self, receiver: Domain) -> LandingPlace:
        """Where the files of another domain arrive, for what is published to it.

        Raises:
            MissingSettingsError: naming every setting that the environment lacks for it.
        """

    @abstractmethod
    def exists(self, table: LakehouseTable) -> bool:
        """Whether the table has ever been written."""

    @abstractmethod
    def state(self, table: LakehouseTable) -> TableState:
        """The table's version and size."""

    @abstractmethod
    def history(self, table: LakehouseTable) -> list[TableVersion]:
        """The table's versions, newest first, as far back as its log goes."""

    @abstractmethod
    def restore(self, table: LakehouseTable, version: int) -> None:
        """Make the table what it was at an earlier version; this is a new version itself."""

    @abstractmethod
    def maintain(self, table: LakehouseTable) -> Mapping[str, int]:
        """Cluster the periods that lie in more than one file, and delete files that retention has passed.

        Returns:
            What was done, in numbers, by name; nothing where the engine does not say.
        """
