from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from platform_contract.domain import Domain
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths
from platform_runtime.files.folder import Folder
from platform_runtime.files.landed_file import LandedFile
from platform_runtime.files.refusal import Refusal, RefusedFileError, RefusedFilesError

from snowflake_medallion.duckdb_access import PATIENCE_SECONDS
from snowflake_medallion.duckdb_raw_store import DuckDBRawStore
from snowflake_medallion.landings import local_landing
from snowflake_medallion.raw_rows import RawRows
from snowflake_medallion.raw_store import RawSession, RawStore
from snowflake_medallion.raw_table import RawTable

# A load by hand, apart from Dagster.
_NO_RUN = "none"


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file whose rows a load has added."""

    file: str
    rows: int


@dataclass(frozen=True, slots=True)
class TableLoad:
    """What a load did for one table, and how many rows the table holds since."""

    table: RawTable
    loaded: tuple[LoadedFile, ...]
    present: int
    refused: tuple[Refusal, ...]
    rows: int

    @property
    def rows_loaded(self) -> int:
        """How many rows were added."""
        return sum(file.rows for file in self.loaded)


def local_raw_store(paths: LocalPaths, domain: Domain) -> DuckDBRawStore:
    """The raw store of a domain in a deployment on this machine."""
    return DuckDBRawStore(
        database=str(paths.raw_database), schema_name=domain.schema(Layer.RAW), patience_seconds=PATIENCE_SECONDS
    )


def load_landed_files(paths: LocalPaths, domain: Domain, tables: Sequence[RawTable]) -> list[TableLoad]:
    """Load what has landed for a domain into the raw store of a deployment on this machine, without a Dagster run.

    Args:
        paths: of the deployment.
        domain: which one.
        tables: all that are declared of it.

    Raises:
        RefusedFilesError: naming every file that is not as its table expects, once all the others are loaded.
        DatabaseBusyError: when another process keeps the raw store open.
    """
    store, landing = local_raw_store(paths, domain), local_landing(paths, domain)
    loads = load_tables(store, landing, tables, paths.scratch, _NO_RUN, declared=tables)
    refused = dict.fromkeys(file for load in loads for file in load.refused)
    if refused:
        raise RefusedFilesError(landing.location, refused)
    return loads


def load_tables(
    store: RawStore,
    landing: Folder,
    tables: Sequence[RawTable],
    scratch: Path,
    run_id: str,
    *,
    declared: Sequence[RawTable],
) -> list[TableLoad]:
    """Load every landed file whose content its table does not hold yet; a refused file keeps no other one out.

    Args:
        store: where the tables are.
        landing: where the files of the source arrive.
        tables: which ones to load.
        scratch: a folder for files on their way.
        run_id: the Dagster run that loads, for the store's own history.
        declared: every table of the domain; a file in no folder of theirs is refused.

    Raises:
        DatabaseBusyError: when another process keeps a local store open.
        MissingSettingsError: where the files or the store are in a cloud, naming settings that the environment lacks.
        ContractError: where they are, when a setting cannot be what it is for.
        dagster.Failure: for an error of object storage or Snowflake; its first line says what to do.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    listing = landing.listing()
    refused = [*listing.refused, *(_astray(file, declared) for file in _of_no_table(listing.files, declared))]
    with TemporaryDirectory(dir=scratch, prefix="raw-load-") as folder, store.open(run_id) as session:
        load = _Load(session, landing, Path(folder))
        return [load.of(table, _files_of(listing.files, table), refused) for table in tables]


def _files_of(files: Iterable[LandedFile], table: RawTable) -> list[LandedFile]:
    return [file for file in files if table.holds(file.name)]


def _of_no_table(files: Iterable[LandedFile], tables: Iterable[RawTable]) -> list[LandedFile]:
    """The files in no table's folder, which no load would ever look at."""
    return [file for file in files if not any(table.holds(file.name) for table in tables)]


def _astray(file: LandedFile, declared: Sequence[RawTable]) -> Refusal:
    folders = ", ".join(f"{table.folder}/" for table in declared)
    return Refusal(file.name, "", "it lies in no table's folder", f"move it into one of {folders}")


@dataclass(frozen=True, slots=True)
class _Load:
    """A load under way: the open store, where files land, and a folder for those on their way."""

    session: RawSession
    landing: Folder
    scratch: Path

    def of(self, table: RawTable, files: Iterable[LandedFile], refused: Iterable[Refusal]) -> TableLoad:
        """Load what a table does not hold yet; `refused` is what is no file of any table."""
        self.session.begin(table)
        held = self.session.loaded(table)
        loaded: list[LoadedFile] = []
        all_refused = list(refused)
        present = 0
        for file in files:
            try:
                rows = self._append(table, file, held)
            except RefusedFileError as error:
                all_refused.append(error.refusal)
                continue
            if rows is None:
                present += 1
            else:
                loaded.append(LoadedFile(file.name, rows))
        return TableLoad(table, tuple(loaded), present, tuple(all_refused), self.session.count(table))

    def _append(self, table: RawTable, file: LandedFile, held: set[str]) -> int | None:
        """How many rows were added; None where the table holds the content."""
        with self.landing.hashed(file) as hashed:
            identity = table.identity(file.name, hashed.sha256)
            if identity in held:
                return None
            rows = self.session.append(RawRows(table, hashed), self.scratch)
            held.add(identity)
            return rows
