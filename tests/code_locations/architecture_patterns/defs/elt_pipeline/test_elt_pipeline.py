import datetime as dt
from decimal import Decimal

import dagster as dg
import duckdb
import pytest
from architecture_patterns.sql_file import SqlFileError
from architecture_patterns.warehouse.duckdb_warehouse import DuckDBWarehouse
from dagster.components.core.component_tree import ComponentTreeException
from platform_contract.local_paths import LocalPaths

from tests.code_locations.architecture_patterns.landing_folder import ORDERS, LandingFolder
from tests.code_locations.architecture_patterns.pattern_run import FirstRun, check_result, pattern_defs, run_pattern


def rows(paths: LocalPaths, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(paths.patterns / "elt_pipeline" / "warehouse.duckdb", read_only=True) as connection:
        return connection.sql(query).fetchall()


def test_raw_keeps_every_row_as_text_with_its_origin(first_run: FirstRun, local_paths: LocalPaths) -> None:
    assert first_run("elt_pipeline").success
    raw = rows(local_paths, "select id, subtotal, _source_file, _source_line from raw.raw_orders order by 3, 4")
    assert raw == [
        ("o1", "1000", "orders_2018_09.csv", 2),
        ("o2", "550", "orders_2018_09.csv", 3),
        ("o3", "700", "orders_2018_09.csv", 4),
        ("o5", "7.5", "orders_2018_09.csv", 5),
        ("o4", "900", "orders_2018_10.csv.gz", 2),
        ("o3", "800", "orders_2018_10.csv.gz", 3),
        ("o6", "100", "orders_2018_10.csv.gz", 4),
        ("o4", "1", "orders_2018_10.csv.gz", 5),
    ]


def test_the_tables_made_inside_the_warehouse(first_run: FirstRun, local_paths: LocalPaths) -> None:
    outcome = first_run("elt_pipeline")
    assert rows(local_paths, "select * from gold.monthly_store_revenue order by 1, 2") == [
        (dt.date(2018, 9, 1), "s1", "Brooklyn", 2, Decimal("15.50"), Decimal("0.93")),
        (dt.date(2018, 9, 1), "s2", "Chicago", 1, Decimal("8.00"), Decimal("0.50")),
        (dt.date(2018, 10, 1), "s1", "Brooklyn", 1, Decimal("9.00"), Decimal("0.54")),
    ]
    assert rows(local_paths, "select * from gold.hourly_sales order by 1") == [
        (0, 1, Decimal("9.00")),
        (8, 1, Decimal("8.00")),
        (12, 1, Decimal("10.00")),
        (23, 1, Decimal("5.50")),
    ]
    assert outcome.checks == {
        "elt_pipeline/accepted_orders.order_is_unique": True,
        "elt_pipeline/rejected_orders.no_order_lost": True,
        "elt_pipeline/monthly_store_revenue.one_row_per_store_and_month": True,
        "elt_pipeline/monthly_store_revenue.no_cent_lost": True,
        "elt_pipeline/hourly_sales.every_order_has_an_hour": True,
    }


def test_rejected_rows_are_kept_whole_and_counted(first_run: FirstRun, local_paths: LocalPaths) -> None:
    outcome = first_run("elt_pipeline")
    typed = outcome.metadata["elt_pipeline/typed_orders"]
    assert (typed["dagster/row_count"], typed["rows_rejected"], typed["rows_superseded"]) == (8, 3, 1)
    assert rows(
        local_paths, "select id, customer, subtotal, rejected_because from silver.rejected_orders order by 1"
    ) == [
        ("o4", "c1", "1", "ordered_at is not a timestamp: last Tuesday"),
        ("o5", "c2", "7.5", "subtotal is not a number of cents: 7.5"),
        ("o6", "c2", "100", "store_id is not a known store: s9"),
    ]


def test_a_second_run_loads_nothing_and_a_copy_under_another_name_is_known(
    first_run: FirstRun, landing: LandingFolder
) -> None:
    first = first_run("elt_pipeline")
    copied = (landing.root / "shop/orders/orders_2018_09.csv").read_bytes()
    landing.put_bytes("shop/orders/orders_again.csv", copied)
    second = run_pattern("elt_pipeline")
    assert second.row_counts == first.row_counts
    orders = second.metadata["elt_pipeline/raw_orders"]
    assert (orders["files_loaded"], orders["files_known"]) == (0, 3)


def test_a_corrected_file_replaces_its_own_rows_alone(
    first_run: FirstRun, landing: LandingFolder, local_paths: LocalPaths
) -> None:
    first_run("elt_pipeline")
    landing.put("shop/orders/orders_2018_09.csv", ORDERS, "o1,c1,2018-09-01T12:00:00,s1,4200,60,4260")
    outcome = run_pattern("elt_pipeline")
    assert outcome.metadata["elt_pipeline/raw_orders"]["dagster/row_count"] == 5
    accepted = rows(local_paths, "select order_id, subtotal from silver.accepted_orders order by 1")
    assert accepted == [("o1", Decimal("42.00")), ("o3", Decimal("8.00")), ("o4", Decimal("9.00"))]


def test_a_file_that_cannot_be_read_does_not_keep_the_others_out(
    first_run: FirstRun, landing: LandingFolder, local_paths: LocalPaths
) -> None:
    first_run("elt_pipeline")
    landing.put("shop/orders/orders_2018_10b.csv", ORDERS, "o7,c1,2018-10-03T00:00:00,s1,1,1,2")
    whole = landing.put("shop/orders/orders_2018_11.csv.gz", ORDERS, *["o9,c1,2018-11-01T00:00:00,s1,1,1,2"] * 500)
    whole.write_bytes(whole.read_bytes()[:-20])
    latin = landing.put_bytes("shop/orders/orders_2018_12.csv", f"{ORDERS}\no8,Zoë,,,,,\n".encode("latin-1"))
    outcome = run_pattern("elt_pipeline")
    assert not outcome.success
    assert f"in {local_paths.landing}/shop/orders some files were refused, all others are loaded" in outcome.errors
    assert f"{whole.name}, after row " in outcome.errors
    assert f"{latin.name}, row 1 (line 2): column number 2 is not UTF-8 (byte 0xeb)" in outcome.errors
    assert rows(local_paths, "select count(*) from raw.raw_orders") == [(9,)]


def test_a_check_fails_on_what_breaks_its_rule(first_run: FirstRun, local_paths: LocalPaths) -> None:
    first_run("elt_pipeline")
    database = local_paths.patterns / "elt_pipeline" / "warehouse.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute(
            "insert into silver.accepted_orders select * from silver.accepted_orders where order_id = 'o1'"
        )
    with pattern_defs("elt_pipeline", {}) as defs:
        is_unique = next(check for check in defs.asset_checks or [] if check.check_key.name == "order_is_unique")
        result = check_result(is_unique, elt_warehouse=DuckDBWarehouse(path=str(database)))
    assert not result.passed
    assert result.metadata is not None
    assert result.metadata["breaks"] == dg.MetadataValue.int(1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name: hourly_sales": "name: hourly_salez"}, "defs.yaml names 'hourly_salez', but there is no"),
        ({"checks: [order_is_unique]": "checks: [order_is_lonely]"}, "defs.yaml names 'order_is_lonely'"),
        ({"name: raw_stores": "name: raw_shops"}, "typed_orders.sql reads ['raw_stores'], which"),
    ],
)
def test_yaml_that_names_what_is_not_there_is_refused(changes: dict[str, str], message: str) -> None:
    with pytest.raises(ComponentTreeException) as refused, pattern_defs("elt_pipeline", changes):
        pass
    assert isinstance(refused.value.__cause__, SqlFileError)
    assert message in str(refused.value.__cause__)
