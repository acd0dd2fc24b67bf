import datetime as dt
from decimal import Decimal

import duckdb
from platform_contract.local_paths import LocalPaths

from tests.code_locations.architecture_patterns.landing_folder import ORDERS, STORES, LandingFolder
from tests.code_locations.architecture_patterns.pattern_run import FirstRun, run_pattern

REVENUE = [
    (dt.date(2018, 9, 1), "s1", "Brooklyn", 2, Decimal("15.50"), Decimal("0.93")),
    (dt.date(2018, 9, 1), "s2", "Chicago", 1, Decimal("8.00"), Decimal("0.50")),
    (dt.date(2018, 10, 1), "s1", "Brooklyn", 1, Decimal("9.00"), Decimal("0.54")),
]


def loaded(paths: LocalPaths, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(paths.patterns / "etl_pipeline" / "warehouse.duckdb", read_only=True) as connection:
        return connection.sql(f"select * from gold.{table} order by 1, 2").fetchall()


def test_only_the_shaped_result_is_loaded(first_run: FirstRun, local_paths: LocalPaths) -> None:
    assert first_run("etl_pipeline").success
    assert loaded(local_paths, "monthly_store_revenue") == REVENUE
    with duckdb.connect(local_paths.patterns / "etl_pipeline" / "warehouse.duckdb", read_only=True) as connection:
        tables = connection.sql("select table_name from information_schema.tables order by 1").fetchall()
    assert tables == [("monthly_store_revenue",), ("rejected_orders",)]


def test_every_unreadable_row_is_counted_and_named(first_run: FirstRun, local_paths: LocalPaths) -> None:
    outcome = first_run("etl_pipeline")
    counts = outcome.metadata["etl_pipeline/monthly_store_revenue"]
    assert (counts["rows_extracted"], counts["rows_rejected"], counts["rows_superseded"]) == (8, 3, 1)
    assert loaded(local_paths, "rejected_orders") == [
        ("orders_2018_09.csv", 5, "subtotal is not a number of cents: 7.5"),
        ("orders_2018_10.csv.gz", 4, "store_id is not a known store: s9"),
        ("orders_2018_10.csv.gz", 5, "ordered_at is not a timestamp: last Tuesday"),
    ]
    assert outcome.checks == {
        "etl_pipeline/monthly_store_revenue.no_order_lost": True,
        "etl_pipeline/monthly_store_revenue.one_row_per_store_and_month": True,
        "etl_pipeline/rejected_orders.few_rejected": False,
    }


def test_the_tolerated_share_of_rejects_is_set_in_yaml(landing: LandingFolder) -> None:
    landing.put_shop()
    outcome = run_pattern("etl_pipeline", {"max_rejected_share: 0.01": "max_rejected_share: 0.375"})
    assert outcome.checks["etl_pipeline/rejected_orders.few_rejected"]


def test_a_second_run_changes_nothing(first_run: FirstRun, local_paths: LocalPaths) -> None:
    first = first_run("etl_pipeline")
    second = run_pattern("etl_pipeline")
    assert (
        first.row_counts
        == second.row_counts
        == {
            "etl_pipeline/monthly_store_revenue": 3,
            "etl_pipeline/rejected_orders": 3,
        }
    )
    assert loaded(local_paths, "monthly_store_revenue") == REVENUE


def test_a_run_that_fails_leaves_the_last_good_result(
    first_run: FirstRun, landing: LandingFolder, local_paths: LocalPaths
) -> None:
    first_run("etl_pipeline")
    broken = landing.put(
        "shop/orders/orders_2018_11.csv", ORDERS.replace("tax_paid", "tax"), "o9,c1,2018-11-01,s1,1,1,2"
    )
    outcome = run_pattern("etl_pipeline")
    assert not outcome.success
    assert (
        f"{broken.name}, the header: column 'tax_paid' is missing; "
        "column number 6 is unexpected, was 'tax_paid' renamed?"
    ) in outcome.errors
    assert loaded(local_paths, "monthly_store_revenue") == REVENUE


def test_a_file_without_rows_is_refused_and_leaves_the_last_good_result(
    first_run: FirstRun, landing: LandingFolder, local_paths: LocalPaths
) -> None:
    first_run("etl_pipeline")
    landing.put("shop/stores/stores.csv", STORES)
    outcome = run_pattern("etl_pipeline")
    assert not outcome.success
    assert "stores.csv: the file has a header and no row; land it again with its rows" in outcome.errors
    assert loaded(local_paths, "monthly_store_revenue") == REVENUE


def test_an_empty_landing_folder_says_what_to_run(local_paths: LocalPaths) -> None:
    outcome = run_pattern("etl_pipeline")
    assert not outcome.success
    assert f"no CSV file in {local_paths.landing}/shop/orders: run `make land`" in outcome.errors
