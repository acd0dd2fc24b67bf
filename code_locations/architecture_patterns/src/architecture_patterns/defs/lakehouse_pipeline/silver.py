from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from platform_runtime.pools import Pool

from architecture_patterns.defs.lakehouse_pipeline.bronze import BRONZE
from architecture_patterns.defs.lakehouse_pipeline.compute import count, duckdb_over, fingerprint, read_statement
from architecture_patterns.defs.lakehouse_pipeline.delta_tables import DeltaTables
from architecture_patterns.defs.lakehouse_pipeline.table_page import delta_metadata

SILVER = "silver_readings"
REJECTED = "rejected_readings"


def silver_asset(folder: Path, silver: dg.AssetSpec, rejected: dg.AssetSpec, max_wind: float) -> dg.AssetsDefinition:
    """Readings that can be believed, and those that cannot, from one judgement of all of bronze.

    Args:
        folder: where the SQL files are.
        silver: the table of the first.
        rejected: the table of the second.
        max_wind: the highest wind speed that is weather, in m/s.
    """
    judge = read_statement(folder, "judged_readings")
    select_accepted, select_rejected = read_statement(folder, SILVER), read_statement(folder, REJECTED)
    rules = {"max_wind_speed_ms": max_wind, "sql": fingerprint(judge, select_accepted, select_rejected)}

    @dg.multi_asset(
        name=silver.key.to_python_identifier(), specs=[silver, rejected], pool=Pool.LAKEHOUSE_PIPELINE.value
    )
    def refine(lakehouse_tables: DeltaTables) -> Iterator[dg.MaterializeResult]:
        bronze = lakehouse_tables.open(BRONZE)
        derivation = {BRONZE: bronze.version(), **rules}
        with duckdb_over({BRONZE: bronze}) as connection:
            connection.execute("set variable max_wind_speed_ms = ?", [max_wind])
            connection.execute(f"create table judged_readings as {judge}")
            lakehouse_tables.replace(REJECTED, connection.sql(select_rejected), derivation)
            lakehouse_tables.replace(SILVER, connection.sql(select_accepted), derivation)
            counts = {
                "rows_rejected": count(connection, select_rejected),
                "rows_superseded": count(
                    connection, "from judged_readings where superseded and rejected_because is null"
                ),
            }
        yield dg.MaterializeResult(
            asset_key=silver.key, metadata={**delta_metadata(lakehouse_tables, SILVER), **counts}
        )
        yield dg.MaterializeResult(asset_key=rejected.key, metadata=delta_metadata(lakehouse_tables, REJECTED))

    return refine
