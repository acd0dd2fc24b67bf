import dagster as dg
import duckdb
from platform_runtime.pools import Pool

from architecture_patterns.defs.lakehouse_pipeline.delta_tables import DeltaTables
from architecture_patterns.defs.lakehouse_pipeline.table_page import delta_metadata
from architecture_patterns.landing.duckdb_reader import read_landed_file
from architecture_patterns.landing.landed_file import LandedFile, LandedFileError
from architecture_patterns.landing.landing import Landing
from architecture_patterns.landing.weather import WEATHER_COLUMNS, WEATHER_SOURCE

BRONZE = "bronze_readings"


def bronze_asset(spec: dg.AssetSpec) -> dg.AssetsDefinition:
    """Files as they landed, each appended once, in a commit of its own."""

    @dg.multi_asset(name=spec.key.to_python_identifier(), specs=[spec], pool=Pool.LAKEHOUSE_PIPELINE.value)
    def ingest(lakehouse_landing: Landing, lakehouse_tables: DeltaTables) -> dg.MaterializeResult:
        known, faults = _loaded_hashes(lakehouse_tables), []
        added: dict[str, int] = {}
        for file in lakehouse_landing.files(WEATHER_SOURCE):
            if file.sha256 not in known | set(added):
                try:
                    added[file.sha256] = _append(lakehouse_tables, file)
                except LandedFileError as fault:
                    faults.append(str(fault))
        if faults:
            raise LandedFileError("\n".join([*faults, f"Loaded all the same: {len(added)} new files"]))
        counts = {"files_added": len(added), "rows_added": sum(added.values())}
        return dg.MaterializeResult(metadata={**delta_metadata(lakehouse_tables, BRONZE), **counts})

    return ingest


def _loaded_hashes(tables: DeltaTables) -> set[str]:
    if not tables.exists(BRONZE):
        return set()
    hashes = tables.open(BRONZE).scan(columns=["_source_sha256"])
    with duckdb.connect() as connection:
        return {row[0] for row in connection.from_arrow(hashes).distinct().fetchall()}


def _append(tables: DeltaTables, file: LandedFile) -> int:
    with duckdb.connect() as connection:
        read_landed_file(connection, file, WEATHER_COLUMNS)
        # With a time zone, so that every engine reads the same instant.
        rows = connection.sql("select * replace (_loaded_at at time zone 'UTC' as _loaded_at) from landed")
        tables.append(BRONZE, rows, {"source_file": file.name})
        return connection.table("landed").shape[0]
