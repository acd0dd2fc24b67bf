import dagster as dg
import duckdb
from deltalake import DeltaTable
from platform_runtime.pools import Pool

from architecture_patterns.defs.lakehouse_pipeline.delta_tables import DeltaTables
from architecture_patterns.defs.lakehouse_pipeline.table_page import delta_metadata
from architecture_patterns.landing.duckdb_reader import read_landed_file
from architecture_patterns.landing.landed_file import LandedFile, LandedFileError
from architecture_patterns.landing.landing import Landing
from architecture_patterns.landing.weather import WEATHER_COLUMNS, WEATHER_SOURCE

BRONZE = "bronze_readings"
_ATTEMPTS = 12


class BusyTableError(RuntimeError):
    """A table that others kept changing; nothing was written."""


def bronze_asset(spec: dg.AssetSpec) -> dg.AssetsDefinition:
    """Files as they landed, each appended once, in a commit of its own."""

    @dg.multi_asset(name=spec.key.to_python_identifier(), specs=[spec], pool=Pool.LAKEHOUSE_PIPELINE.value)
    def ingest(lakehouse_landing: Landing, lakehouse_tables: DeltaTables) -> dg.MaterializeResult:
        added: list[int] = []
        faults: list[str] = []
        for file in lakehouse_landing.files(WEATHER_SOURCE):
            try:
                added.append(load_file(lakehouse_tables, file))
            except LandedFileError as fault:
                faults.append(str(fault))
        new = [rows for rows in added if rows]
        if faults:
            raise LandedFileError("\n".join([*faults, f"Loaded all the same: {len(new)} new files"]))
        counts = {"files_added": len(new), "rows_added": sum(new)}
        return dg.MaterializeResult(metadata={**delta_metadata(lakehouse_tables, BRONZE), **counts})

    return ingest


def load_file(tables: DeltaTables, file: LandedFile) -> int:
    """Append a file's rows unless the table holds its content, whoever else loads it at the same time.

    Returns:
        How many rows were added.

    Raises:
        LandedFileError: when the file is not as its source is.
        BusyTableError: when others changed the table first, time and again.
    """
    with duckdb.connect() as connection:
        read_landed_file(connection, file, WEATHER_COLUMNS)
        # With a time zone, so that every engine reads the same instant.
        rows = connection.sql("select * replace (_loaded_at at time zone 'UTC' as _loaded_at) from landed")
        for _ in range(_ATTEMPTS):
            seen = tables.made(BRONZE, rows)
            if file.sha256 in _loaded_hashes(seen):
                return 0
            if tables.append_once(seen, file.sha256, rows, {"source_file": file.name}):
                return connection.table("landed").shape[0]
    raise BusyTableError(
        f"{BRONZE}: others changed it first {_ATTEMPTS} times; {file.name} is not loaded, run it again"
    )


def _loaded_hashes(table: DeltaTable) -> set[str]:
    hashes = table.scan(columns=["_source_sha256"])
    with duckdb.connect() as connection:
        return {row[0] for row in connection.from_arrow(hashes).distinct().fetchall()}
