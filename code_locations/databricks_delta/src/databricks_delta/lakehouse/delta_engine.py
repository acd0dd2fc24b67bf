from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import override

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from platform_runtime.files.folder import Folder, HashedFile
from platform_runtime.files.row_stream import RowStream, take_rows

from databricks_delta.lakehouse.arrow_stream import ArrowStream
from databricks_delta.lakehouse.bronze_columns import SOURCE_FILE, SOURCE_SHA256
from databricks_delta.lakehouse.delta_store import commit, open_table
from databricks_delta.lakehouse.dimension_table import DimensionTable
from databricks_delta.lakehouse.duckdb_session import DuckdbSession, Memory, duckdb_session
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.lakehouse import Reader, Row, TableState, TableVersion
from databricks_delta.lakehouse.landed_rows import LANDED, landed_rows, landed_statement
from databricks_delta.lakehouse.landing import Ingestion, LandingSource, LoadedFile
from databricks_delta.lakehouse.landing_folder import take_files
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable

# delta-rs holds a row group of every period that it is writing, and a file until it is whole.
_ROW_GROUPS = WriterProperties(max_row_group_size=1 << 15)
_FILE_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class DeltaEngine:
    """Delta tables in folders: DuckDB reads what a statement needs of them, delta-rs writes.

    Attributes:
        tables: holds the tables, `<schema>/<table>`.
        scratch: where DuckDB may spill.
    """

    tables: Path
    scratch: Path

    def exists(self, full_name: str) -> bool:
        """Whether there is such a table."""
        return DeltaTable.is_deltatable(str(self._path(full_name)))

    def loaded_files(self, bronze: LakehouseTable) -> dict[str, str]:
        """File name by SHA-256, of everything in bronze."""
        if not self.exists(bronze.full_name):
            return {}
        sql = f"SELECT DISTINCT {SOURCE_SHA256}, {SOURCE_FILE} FROM {bronze.sql_name}"  # noqa: S608
        with self.reader() as reader:
            rows = reader.query(Statement(sql, "loaded files", {}), None)
        return {str(row[SOURCE_SHA256]): str(row[SOURCE_FILE]) for row in rows}

    def ingest(self, bronze: LakehouseTable, source: LandingSource, folder: Folder) -> Ingestion:
        """Append the rows of every file in the folder whose content bronze lacks."""
        return commit(bronze, lambda: self._take_in(bronze, source, folder))

    def replace_periods(self, target: PeriodTable, periods: PeriodRange) -> None:
        """Overwrite the periods with what the target's statement selects."""
        commit(target.table, lambda: self._overwrite(target, periods))

    def replace_whole(self, target: DimensionTable) -> bool:
        """Overwrite the table with what its statement selects now, unless it holds that already."""
        return commit(target.table, lambda: self._overwrite_whole(target))

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """One DuckDB session: to open one takes longer than most questions."""
        with duckdb_session(self.scratch, Memory.OF_A_QUERY) as session:
            yield _DeltaReader(self, session)

    def export[Result](
        self, statement: Statement, periods: PeriodRange, take: Callable[[Iterable[list[Row]]], Result]
    ) -> Result:
        """What becomes of the rows that the statement selects."""
        with duckdb_session(self.scratch, Memory.OF_A_QUERY) as session:
            self.expose(session, statement, periods)
            return take(session.pages(statement))

    def state(self, table: LakehouseTable) -> TableState:
        """Version, files and bytes."""
        stored = self._existing(table.full_name)
        sizes = pa.table(stored.get_add_actions(flatten=True))["size_bytes"].to_pylist()
        return TableState(stored.version(), len(sizes), sum(sizes))

    def history(self, table: LakehouseTable) -> list[TableVersion]:
        """Newest first."""
        entries = self._existing(table.full_name).history()
        return [TableVersion(e["version"], _instant(e["timestamp"]), e["operation"]) for e in entries]

    def restore(self, table: LakehouseTable, version: int) -> None:
        """A new version that is the old one again."""
        commit(table, lambda: self._existing(table.full_name).restore(version))

    def maintain(self, table: LakehouseTable) -> Mapping[str, int]:
        """Cluster periods of several files, shorten the log, delete files that retention has passed."""
        stored = self._existing(table.full_name)
        scattered = [] if table.granularity is None else _scattered_periods(stored, table.period)
        for period in scattered:
            commit(table, lambda period=period: self._cluster(table, period))
        stored = self._existing(table.full_name)
        stored.create_checkpoint()
        stored.cleanup_metadata()
        # In full: a look at the log alone starts at the checkpoint just made, and finds nothing that has expired.
        deleted = stored.vacuum(retention_hours=24 * table.retention_days, dry_run=False, full=True)
        return {"periods_clustered": len(scattered), "files_deleted": len(deleted)}

    def _take_in(self, bronze: LakehouseTable, source: LandingSource, folder: Folder) -> Ingestion:
        stored = open_table(self._path(bronze.full_name), bronze)
        ingested_at = datetime.now(UTC)
        with duckdb_session(self.scratch, Memory.OF_A_LOAD) as session:

            def take(hashed: HashedFile) -> int:
                rows = landed_rows(hashed, source, ingested_at)
                return take_rows(rows, lambda stream: _keep(session, stream, source, bronze))

            taken = take_files(folder, source, self.loaded_files(bronze), take)
            return Ingestion(
                loaded=tuple(taken.loaded),
                known=tuple(taken.known),
                problems=tuple(taken.refused),
                ignored=tuple(sorted(taken.ignored)),
                rows_by_period=self._append(session, stored, bronze, source, taken.loaded) if taken.loaded else {},
            )

    def _append(
        self,
        session: DuckdbSession,
        stored: DeltaTable,
        bronze: LakehouseTable,
        source: LandingSource,
        files: list[LoadedFile],
    ) -> dict[str, int]:
        write_deltalake(
            stored,
            session.computed(_column_order(stored), bronze.ordered_by),
            mode="append",
            target_file_size=_FILE_BYTES,
            writer_properties=_ROW_GROUPS,
            commit_properties=_once(source, files, stored.version() + 1),
        )
        return session.computed_by_period(source.granularity)

    def _overwrite(self, target: PeriodTable, periods: PeriodRange) -> None:
        stored = open_table(self._path(target.table.full_name), target.table)
        statement = target.statement.for_periods(periods)
        with duckdb_session(self.scratch, Memory.OF_A_QUERY) as session:
            self.expose(session, statement, target.periods_read(periods))
            session.compute(statement, target.table)
            write_deltalake(
                stored,
                session.computed(_column_order(stored), target.table.ordered_by),
                mode="overwrite",
                target_file_size=_FILE_BYTES,
                writer_properties=_ROW_GROUPS,
                predicate=target.replaced_rows(periods),
                commit_properties=CommitProperties(custom_metadata={"periods": str(periods)}),
            )

    def _overwrite_whole(self, target: DimensionTable) -> bool:
        stored = open_table(self._path(target.table.full_name), target.table)
        contents = target.contents(datetime.now(UTC))
        with duckdb_session(self.scratch, Memory.OF_A_QUERY) as session:
            self.expose(session, target.changes, None)
            (counted,) = session.rows(target.changes)
            if not counted["n"]:
                return False
            self.expose(session, contents, None)
            session.compute(contents, target.table)
            rows = session.computed(_column_order(stored), target.table.ordered_by)
            write_deltalake(stored, rows, mode="overwrite", target_file_size=_FILE_BYTES, writer_properties=_ROW_GROUPS)
            return True

    def _cluster(self, table: LakehouseTable, period: str) -> None:
        optimize = self._existing(table.full_name).optimize
        filters = [(table.period, "=", period)]
        if table.clustering:
            optimize.z_order(table.clustering, partition_filters=filters)
        else:
            optimize.compact(partition_filters=filters)

    def expose(self, session: DuckdbSession, statement: Statement, periods: PeriodRange | None) -> None:
        """Let the session read what the statement needs: those columns of those periods."""
        for full_name in sorted(statement.tables_read):
            stored = self._existing(full_name)
            columns = statement.columns_read(_column_order(stored))
            session.expose(full_name, _stream(stored, columns, periods))

    def _existing(self, full_name: str) -> DeltaTable:
        if not self.exists(full_name):
            raise LakehouseError(f"{full_name} has never been written: materialise it first")
        return DeltaTable(self._path(full_name))

    def _path(self, full_name: str) -> Path:
        schema, name = full_name.split(".")
        return self.tables / schema / name


class _DeltaReader(Reader):
    def __init__(self, engine: DeltaEngine, session: DuckdbSession) -> None:
        self._engine = engine
        self._session = session

    @override
    def query(self, statement: Statement, periods: PeriodRange | None) -> list[Row]:
        self._engine.expose(self._session, statement, periods)
        return self._session.rows(statement)


def _stream(stored: DeltaTable, columns: list[str], periods: PeriodRange | None) -> ArrowStream:
    """Only those periods' files are opened; the statement's own condition decides which of their rows count."""
    known = periods is not None and periods.column in _column_order(stored)
    condition = periods.rows(unreadable=True) if periods is not None and known else None
    return ArrowStream(lambda: stored.scan(columns=columns, predicate=condition))


def _column_order(stored: DeltaTable) -> list[str]:
    return [field.name for field in stored.schema().fields]


def _keep(session: DuckdbSession, stream: RowStream, source: LandingSource, bronze: LakehouseTable) -> int:
    session.expose(LANDED, stream)
    session.compute(landed_statement(source), bronze)
    return stream.rows


def _once(source: LandingSource, files: list[LoadedFile], version: int) -> CommitProperties:
    """Two writers that load the same content at the same time conflict, and the second finds it loaded.

    That is all it guards: the entries outlive a restore, so whether content is loaded is asked of the rows.
    """
    return CommitProperties(
        custom_metadata={"files": ", ".join(file.name for file in files)},
        app_transactions=[Transaction(f"{source.folder}:{file.sha256}", version) for file in files],
    )


def _scattered_periods(stored: DeltaTable, period: str) -> list[str]:
    periods = pa.table(stored.get_add_actions(flatten=True))[f"partition.{period}"].to_pylist()
    return sorted(period for period, files in Counter(periods).items() if files > 1)


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
