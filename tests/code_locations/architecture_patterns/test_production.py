"""The patterns with demo_mode off: object storage is a file:// folder, Snowflake is the emulator fakesnow."""

import base64
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from deltalake import DeltaTable

from tests.code_locations.architecture_patterns.landing_folder import ORDERS, LandingFolder
from tests.code_locations.architecture_patterns.pattern_run import run_pattern

REVENUE = [("Brooklyn", 2, "15.50"), ("Chicago", 1, "8.00"), ("Brooklyn", 1, "9.00")]


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of deployment `dev` in object storage, with the small landing files."""
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "dev")
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")
    monkeypatch.setenv("PLATFORM_STORAGE_URI", (tmp_path / "bucket").as_uri())
    folder = tmp_path / "bucket" / "dev"
    landing = LandingFolder(folder / "landing")
    landing.put_shop()
    landing.put_weather()
    return folder


def test_the_lakehouse_lives_in_object_storage(storage: Path) -> None:
    first = run_pattern("lakehouse_pipeline")
    second = run_pattern("lakehouse_pipeline")
    assert first.success
    assert second.row_counts == first.row_counts
    silver = DeltaTable(storage / "patterns" / "lakehouse_pipeline" / "silver_readings")
    assert (silver.count(), silver.version()) == (4, 0)


def test_the_composable_pipeline_writes_to_object_storage(storage: Path) -> None:
    outcome = run_pattern("composable_resources", {"compressed: false": "compressed: true"})
    assert outcome.success
    folder = storage / "patterns" / "composable_resources"
    assert {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()} == {
        "readings/weather_2013_01.jsonl.gz",
        "readings/weather_2013_02.jsonl.gz",
        "rejected/weather_2013_01.jsonl.gz",
        "rejected/weather_2013_02.jsonl.gz",
        "daily_extremes.csv.gz",
        "climate_report.md.gz",
    }


@pytest.fixture
def snowflake(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A cursor on an account that has deployment `dev`'s databases, schemas and stage."""
    fakesnow = pytest.importorskip("fakesnow", reason="in the dependency group `rehearsal`")
    connector = pytest.importorskip("snowflake.connector", reason="in the dependency group `snowflake`")
    key = base64.encodebytes(b"any bytes: the emulator asks for no proof").decode()
    monkeypatch.setenv("SNOWFLAKE_ACCOUNT", "org-account")
    monkeypatch.setenv("SNOWFLAKE_USER", "DAGSTER_DEV")
    monkeypatch.setenv("SNOWFLAKE_PRIVATE_KEY", f"-----BEGIN PRIVATE KEY-----\n{key}-----END PRIVATE KEY-----")
    with fakesnow.patch(), connector.connect() as connection:
        cursor = connection.cursor()
        for schema in ("RAW_DEV.SHOP", "ANALYTICS_DEV.SILVER", "ANALYTICS_DEV.GOLD"):
            cursor.execute(f"create database if not exists {schema.split('.')[0]}")
            cursor.execute(f"create schema if not exists {schema}")
        cursor.execute("create stage RAW_DEV.SHOP.LANDING")
        yield cursor


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("pattern", ["etl_pipeline", "elt_pipeline"])
def test_the_same_revenue_comes_out_of_snowflake(storage: Path, snowflake, pattern: str) -> None:  # noqa: ANN001
    first = run_pattern(pattern, {"max_rejected_share: 0.01": "max_rejected_share: 1"} if "etl" in pattern else {})
    second = run_pattern(pattern)
    assert first.success
    assert all(first.checks.values())
    assert second.row_counts == first.row_counts
    snowflake.execute(
        f"select STORE, ORDERS, REVENUE from ANALYTICS_DEV.GOLD.{pattern.upper()}_MONTHLY_STORE_REVENUE "
        "order by MONTH, STORE_ID"
    )
    assert snowflake.fetchall() == [(store, orders, Decimal(amount)) for store, orders, amount in REVENUE]
    rejected = "GOLD" if pattern == "etl_pipeline" else "SILVER"
    snowflake.execute(f"select count(*) from ANALYTICS_DEV.{rejected}.{pattern.upper()}_REJECTED_ORDERS")
    assert snowflake.fetchall() == [(3,)]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_file_that_went_and_came_back_is_loaded_again(storage: Path, snowflake) -> None:  # noqa: ANN001
    landing = LandingFolder(storage / "landing")
    path = landing.root / "shop" / "orders" / "orders_2018_09.csv"
    original = path.read_bytes()
    first = run_pattern("elt_pipeline")
    landing.put("shop/orders/orders_2018_09.csv", ORDERS, "o1,c1,2018-09-01T12:00:00,s1,1000,60,1060")
    assert run_pattern("elt_pipeline").row_counts["elt_pipeline/raw_orders"] == 5
    path.write_bytes(original)
    assert run_pattern("elt_pipeline").row_counts == first.row_counts
