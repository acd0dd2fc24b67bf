from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import override

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from platform_runtime.files.folder import Folder, HashedFile
from platform_runtime.files.row_stream import RowStream, take_rows

from databricks_delta.lakehouse.arrow_stream import ArrowStream
from databricks_delta.lakehouse.bronze_columns import SOURCE_FILE, SOURCE_SHA256
from databricks_delta.lakehouse.delta_store import commit, open_table
from databricks_delta.lakehouse.duckdb_session import DuckdbSession, duckdb_session
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.lakehouse import Reader, Row, TableState, TableVersion
from databricks_delta.lakehouse.landed_rows import LANDED, landed_rows, landed_statement
from databricks_delta.lakehouse.landing import Ingestion, LandingSource, LoadedFile
from databricks_delta.lakehouse.landing_folder import take_files
from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.months import MONTH_COLUMN, MonthRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable


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
        sql = f"SELECT DISTINCT {SOURCE_SHA256}, {SOURCE_FILE} FROM {bronze.full_name}"  # noqa: S608
        with self.reader() as reader:
            rows = reader.query(Statement(sql, "loaded files", {}), None)
        return {str(row[SOURCE_SHA256]): str(row[SOURCE_FILE]) for row in rows}

    def ingest(self, bronze: LakehouseTable, source: LandingSource, folder: Folder) -> Ingestion:
        """Append the rows of every file in the folder whose content bronze lacks."""
        return commit(bronze, lambda: self._take_in(bronze, source, folder))

    def replace_months(self, target: MonthTable, months: MonthRange) -> None:
        """Overwrite the months with what the target's statement selects."""
        commit(target.table, lambda: self._overwrite(target, months))

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """One DuckDB session: to open one takes longer than most questions."""
        with duckdb_session(self.scratch) as session:
            yield _DeltaReader(self, session)

    def export[Result](
        self, statement: Statement, months: MonthRange, take: Callable[[Iterable[list[Row]]], Result]
    ) -> Result:
        """What becomes of the rows that the statement selects."""
        with duckdb_session(self.scratch) as session:
            self.expose(session, statement, months)
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
        """Cluster months of several files, shorten the log, delete files that retention has passed."""
        stored = self._existing(table.full_name)
        scattered = _scattered_months(stored)
        for month in scattered:
            commit(table, lambda month=month: self._cluster(table, month))
        stored = self._existing(table.full_name)
        stored.create_checkpoint()
        stored.cleanup_metadata()
        # In full: a look at the log alone starts at the checkpoint just made, and finds nothing that has expired.
        deleted = stored.vacuum(retention_hours=24 * table.retention_days, dry_run=False, full=True)
        return {"months_clustered": len(scattered), "files_deleted": len(deleted)}

    def _take_in(self, bronze: LakehouseTable, source: LandingSource, folder: Folder) -> Ingestion:
        stored = open_table(self._path(bronze.full_name), bronze)
        ingested_at = datetime.now(UTC)
        with duckdb_session(self.scratch) as session:

            def take(hashed: HashedFile) -> int:
                rows = landed_rows(hashed, source, ingested_at)
                return take_rows(rows, lambda stream: _keep(session, stream, source, bronze))

            taken = take_files(folder, source, self.loaded_files(bronze), take)
            return Ingestion(
                loaded=tuple(taken.loaded),
                known=tuple(taken.known),
                problems=tuple(taken.refused),
                ignored=tuple(sorted(taken.ignored)),
                rows_by_month=self._append(session, stored, bronze, source, taken.loaded) if taken.loaded else {},
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
            session.computed(_column_order(stored), bronze.clustering),
            mode="append",
            commit_properties=_once(source, files, stored.version() + 1),
        )
        return session.computed_by_month()

    def _overwrite(self, target: MonthTable, months: MonthRange) -> None:
        stored = open_table(self._path(target.table.full_name), target.table)
        statement = target.statement.for_months(months)
        with duckdb_session(self.scratch) as session:
            self.expose(session, statement, target.months_read(months))
            session.compute(statement, target.table)
            write_deltalake(
                stored,
                session.computed(_column_order(stored), target.table.clustering),
                mode="overwrite",
                predicate=target.replaced_rows(months),
                commit_properties=CommitProperties(custom_metadata={"months": str(months)}),
            )

    def _cluster(self, table: LakehouseTable, month: str) -> None:
        optimize = self._existing(table.full_name).optimize
        filters = [(MONTH_COLUMN, "=", month)]
        if table.clustering:
            optimize.z_order(table.clustering, partition_filters=filters)
        else:
            optimize.compact(partition_filters=filters)

    def expose(self, session: DuckdbSession, statement: Statement, months: MonthRange | None) -> None:
        """Let the session read what the statement needs: those columns of those months."""
        for full_name in sorted(statement.tables_read):
            stored = self._existing(full_name)
            columns = statement.columns_read(_column_order(stored))
            session.expose(full_name, _stream(stored, columns, months))

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
    def query(self, statement: Statement, months: MonthRange | None) -> list[Row]:
        self._engine.expose(self._session, statement, months)
        return self._session.rows(statement)


def _stream(stored: DeltaTable, columns: list[str], months: MonthRange | None) -> ArrowStream:
    """Only those months' files are opened; the statement's own condition decides which of their rows count."""
    condition = None if months is None else months.rows(unreadable=True)
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


def _scattered_months(stored: DeltaTable) -> list[str]:
    months = pa.table(stored.get_add_actions(flatten=True))[f"partition.{MONTH_COLUMN}"].to_pylist()
    return sorted(month for month, files in Counter(months).items() if files > 1)


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
