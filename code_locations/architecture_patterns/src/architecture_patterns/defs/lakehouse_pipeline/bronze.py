import dagster as dg
import duckdb
from deltalake import DeltaTable
from platform_runtime.files.folder import HashedFile
from platform_runtime.files.landing import Landing
from platform_runtime.files.row_stream import RowStream, take_rows
from platform_runtime.pools import Pool

from architecture_patterns.defs.lakehouse_pipeline.delta_tables import DeltaTables
from architecture_patterns.defs.lakehouse_pipeline.table_page import delta_metadata
from architecture_patterns.landed import (
    WEATHER_COLUMNS,
    WEATHER_SOURCE,
    SourceFile,
    source_files,
    with_origin,
)

BRONZE = "bronze_readings"
_ATTEMPTS = 12


class BusyTableError(RuntimeError):
    """A table that others kept changing; nothing was written."""


def bronze_asset(spec: dg.AssetSpec) -> dg.AssetsDefinition:
    """Files as they landed, each appended once, in a commit of its own."""

    @dg.multi_asset(name=spec.key.to_python_identifier(), specs=[spec], pool=Pool.LAKEHOUSE_PIPELINE.value)
    def ingest(lakehouse_landing: Landing, lakehouse_tables: DeltaTables) -> dg.MaterializeResult:
        added: list[int] = []

        def load(file: SourceFile) -> None:
            with file.opened() as hashed:
                added.append(load_file(lakehouse_tables, hashed))

        source_files(lakehouse_landing, WEATHER_SOURCE).each_by_itself(load)
        new = [rows for rows in added if rows]
        counts = {"files_added": len(new), "rows_added": sum(new)}
        return dg.MaterializeResult(metadata={**delta_metadata(lakehouse_tables, BRONZE), **counts})

    return ingest


def load_file(tables: DeltaTables, hashed: HashedFile) -> int:
    """Append a file's rows unless the table holds its content, whoever else loads it at the same time.

    Returns:
        How many rows were added.

    Raises:
        RefusedFileError: when the file is not as its source is.
        BusyTableError: when others changed the table first, time and again.
    """
    with duckdb.connect() as connection:

        def keep(stream: RowStream) -> int:
            connection.register("landed", stream)
            # With a time zone, so that every engine reads the same instant.
            connection.execute("create table kept as select *, now() as _loaded_at from landed")
            return stream.rows

        count = take_rows(with_origin(hashed, WEATHER_COLUMNS), keep)
        rows = connection.table("kept")
        for _ in range(_ATTEMPTS):
            seen = tables.made(BRONZE, rows)
            if hashed.sha256 in _loaded_hashes(seen):
                return 0
            if tables.append_once(seen, hashed.sha256, rows, {"source_file": hashed.file.name}):
                return count
    raise BusyTableError(
        f"{BRONZE}: others changed it first {_ATTEMPTS} times; {hashed.file.name} is not loaded, run it again"
    )


def _loaded_hashes(table: DeltaTable) -> set[str]:
    hashes = table.scan(columns=["_source_sha256"])
    with duckdb.connect() as connection:
        return {row[0] for row in connection.from_arrow(hashes).distinct().fetchall()}
