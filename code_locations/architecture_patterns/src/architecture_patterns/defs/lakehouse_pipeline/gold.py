from pathlib import Path

import dagster as dg
from platform_runtime.pools import Pool

from architecture_patterns.defs.lakehouse_pipeline.compute import duckdb_over, fingerprint, read_statement
from architecture_patterns.defs.lakehouse_pipeline.delta_tables import DeltaTables
from architecture_patterns.defs.lakehouse_pipeline.silver import SILVER
from architecture_patterns.defs.lakehouse_pipeline.table_page import delta_metadata

GOLD = "gold_monthly_climate"


def gold_asset(folder: Path, spec: dg.AssetSpec) -> dg.AssetsDefinition:
    """The climate by station and month, from the newest version of silver. `folder` is where the SQL file is."""
    summarise = read_statement(folder, GOLD)

    @dg.multi_asset(name=spec.key.to_python_identifier(), specs=[spec], pool=Pool.LAKEHOUSE_PIPELINE.value)
    def summary(lakehouse_tables: DeltaTables) -> dg.MaterializeResult:
        silver = lakehouse_tables.open(SILVER)
        derivation = {SILVER: silver.version(), "sql": fingerprint(summarise)}
        with duckdb_over({SILVER: silver}) as connection:
            lakehouse_tables.replace(GOLD, connection.sql(summarise), derivation)
        return dg.MaterializeResult(metadata=delta_metadata(lakehouse_tables, GOLD))

    return summary
