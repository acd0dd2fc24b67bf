from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from platform_contract.domain import Domain
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths

from snowflake_medallion.duckdb_access import PATIENCE_SECONDS
from snowflake_medallion.duckdb_raw_store import DuckDBRawStore
from snowflake_medallion.landed_file import LandedFile, content_hash, files_of, files_of_no_table
from snowflake_medallion.landing import Landing
from snowflake_medallion.landings import local_landing
from snowflake_medallion.prepared_file import PreparedFile, prepare
from snowflake_medallion.raw_store import RawSession, RawStore
from snowflake_medallion.raw_table import RawTable
from snowflake_medallion.refused_file import RefusedFile, RefusedFileError, RefusedFilesError

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
    refused: tuple[RefusedFile, ...]
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
        raise RefusedFilesError(refused)
    return loads


def load_tables(
    store: RawStore,
    landing: Landing,
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
    files = landing.files()
    astray = [_astray(file, declared) for file in files_of_no_table(files, declared)]
    with TemporaryDirectory(dir=scratch, prefix="raw-load-") as folder, store.open(run_id) as session:
        return [_load_table(session, table, files_of(files, table), astray, Path(folder)) for table in tables]


def _astray(file: LandedFile, declared: Sequence[RawTable]) -> RefusedFile:
    folders = ", ".join(f"{table.folder}/" for table in declared)
    return RefusedFile(file.name, f"it lies in no table's folder; move it into one of {folders}")


def _load_table(
    session: RawSession, table: RawTable, files: Iterable[LandedFile], astray: Iterable[RefusedFile], folder: Path
) -> TableLoad:
    session.begin(table)
    held = session.loaded_hashes(table)
    loaded: list[LoadedFile] = []
    refused = list(astray)
    present = 0
    for file in files:
        with file.opened() as content:
            sha256 = content_hash(content)
            if sha256 in held:
                present += 1
                continue
            try:
                prepared = prepare(file, content, sha256, table, folder)
            except RefusedFileError as error:
                refused.append(RefusedFile(file.name, str(error)))
                continue
        if _append(session, prepared):
            loaded.append(LoadedFile(file.name, prepared.rows))
        else:
            present += 1
        held.add(sha256)
    return TableLoad(table, tuple(loaded), present, tuple(refused), session.count(table))


def _append(session: RawSession, prepared: PreparedFile) -> bool:
    added = session.append(prepared)
    prepared.path.unlink()
    return added
