import dagster as dg

from architecture_patterns.defs.lakehouse_pipeline.bronze import BRONZE
from architecture_patterns.defs.lakehouse_pipeline.compute import count, duckdb_over
from architecture_patterns.defs.lakehouse_pipeline.delta_tables import DeltaTables
from architecture_patterns.defs.lakehouse_pipeline.gold import GOLD
from architecture_patterns.defs.lakehouse_pipeline.silver import REJECTED, SILVER
from architecture_patterns.pattern import Pattern

_SILVER_KEY = Pattern.LAKEHOUSE_PIPELINE.key(SILVER)
_REJECTED_KEY = Pattern.LAKEHOUSE_PIPELINE.key(REJECTED)
_GOLD_KEY = Pattern.LAKEHOUSE_PIPELINE.key(GOLD)


@dg.asset_check(asset=_SILVER_KEY, description="No station has two readings for one instant.")
def one_reading_per_instant(lakehouse_tables: DeltaTables) -> dg.AssetCheckResult:
    """Count the instants that a station has more than once."""
    with duckdb_over({SILVER: lakehouse_tables.open(SILVER)}) as connection:
        repeated = count(connection, f"from {SILVER} select station group by station, observed_at having count(*) > 1")
    return dg.AssetCheckResult(passed=repeated == 0, metadata={"repeated": repeated})


@dg.asset_check(
    asset=_SILVER_KEY,
    additional_deps=[_REJECTED_KEY],
    description="A reading of the version before is in this version, or among the rejected.",
)
def nothing_lost_since_previous_version(lakehouse_tables: DeltaTables) -> dg.AssetCheckResult:
    """Travel back one version and look for readings that have gone without a reason."""
    now = lakehouse_tables.open(SILVER)
    if now.version() == 0:
        return dg.AssetCheckResult(passed=True, metadata={"version": 0, "rows": now.count()})
    before = lakehouse_tables.open_version(SILVER, now.version() - 1)
    with duckdb_over({"before": before, "now": now, "rejected": lakehouse_tables.open(REJECTED)}) as connection:
        lost = count(
            connection,
            "from before select station, observed_at except from now select station, observed_at "
            "except from rejected select station, observed_at",
        )
    counts = {"version": now.version(), "rows": now.count(), "rows_before": before.count(), "lost": lost}
    return dg.AssetCheckResult(passed=lost == 0, metadata=counts)


@dg.asset_check(
    asset=_REJECTED_KEY,
    additional_deps=[Pattern.LAKEHOUSE_PIPELINE.key(BRONZE), _SILVER_KEY],
    description="Silver holds every instant of bronze whose row was not rejected.",
)
def no_reading_lost(lakehouse_tables: DeltaTables) -> dg.AssetCheckResult:
    """Count the instants of the bronze rows that were not rejected, and the rows of silver."""
    tables = {name: lakehouse_tables.open(name) for name in (BRONZE, SILVER, REJECTED)}
    with duckdb_over(tables) as connection:
        believed = f"from {BRONZE} anti join {REJECTED} using (_source_sha256, _source_line)"
        expected = count(connection, f"{believed} select distinct origin, time_hour::timestamptz")
    counts = {"instants_in_bronze": expected, "rows_in_silver": tables[SILVER].count()}
    return dg.AssetCheckResult(passed=expected == tables[SILVER].count(), metadata=counts)


@dg.asset_check(asset=_GOLD_KEY, description="The readings of all stations and months add up to the rows of silver.")
def every_reading_counted(lakehouse_tables: DeltaTables) -> dg.AssetCheckResult:
    """Add up what gold counted."""
    with duckdb_over({GOLD: lakehouse_tables.open(GOLD)}) as connection:
        counted = connection.sql(f"select coalesce(sum(readings), 0)::bigint from {GOLD}").fetchall()[0][0]  # noqa: S608
    in_silver = lakehouse_tables.open(SILVER).count()
    return dg.AssetCheckResult(passed=counted == in_silver, metadata={"counted": counted, "rows_in_silver": in_silver})


LAKEHOUSE_CHECKS = [
    one_reading_per_instant,
    nothing_lost_since_previous_version,
    no_reading_lost,
    every_reading_counted,
]
