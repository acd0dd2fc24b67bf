"""A checkout whose code locations load and run in no time."""

from pathlib import Path

WORKSPACE = """
load_from:
  - python_file: {relative_path: rain.py, location_name: rain}
  - python_file: {relative_path: shop.py, location_name: shop}
"""

# A partitioned table over an unpartitioned one that counts what it rejects.
RAIN = """
import dagster as dg

months = dg.StaticPartitionsDefinition(["2013-01", "2013-02", "2013-03"])
single_run = dg.BackfillPolicy.single_run()


@dg.asset(key=["rain", "bronze"], group_name="bronze", backfill_policy=single_run)
def bronze(context) -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"dagster/row_count": 70, "rows_rejected": 4})


@dg.asset(key=["rain", "silver"], group_name="silver", deps=[bronze], partitions_def=months, backfill_policy=single_run)
def silver(context) -> dg.MaterializeResult:
    print("printed by the silver asset")
    for month in context.partition_keys:
        rows = 20 + months.get_partition_keys().index(month)
        context.add_asset_metadata({"dagster/row_count": rows}, partition_key=month)
    return dg.MaterializeResult()


@dg.asset_check(asset=silver)
def nothing_is_null() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@dg.asset_check(asset=silver)
def fresh() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN)


defs = dg.Definitions(assets=[bronze, silver], asset_checks=[nothing_is_null, fresh])
"""

SHOP = """
import dagster as dg


@dg.asset(key=["shop", "orders"], group_name="gold")
def orders() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"dagster/row_count": 1234})


defs = dg.Definitions(assets=[orders])
"""


def write_small_checkout(checkout: Path) -> None:
    """A checkout of two small code locations and one sample file."""
    sample = checkout / "code_locations" / "rain" / "sample_data" / "gauges" / "2013-01.csv"
    sample.parent.mkdir(parents=True)
    sample.write_text("gauge,mm\na,1\n", encoding="utf-8")
    (checkout / "dbt_project").mkdir()
    (checkout / "workspace.yaml").write_text(WORKSPACE, encoding="utf-8")
    (checkout / "rain.py").write_text(RAIN, encoding="utf-8")
    (checkout / "shop.py").write_text(SHOP, encoding="utf-8")
