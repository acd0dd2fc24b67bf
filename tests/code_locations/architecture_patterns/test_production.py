"""The patterns with demo_mode off: object storage is a file:// folder, Snowflake its stand-in, the client real."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from architecture_patterns.defs.elt_pipeline.load import load_raw
from architecture_patterns.engine import warehouse as snowflake_or_duckdb
from architecture_patterns.landed import source_files
from architecture_patterns.pattern import Pattern
from deltalake import DeltaTable
from platform_runtime.files.landing import LocalLanding
from platform_runtime.platform_context import PlatformContext

from tests.code_locations.architecture_patterns.landing_folder import ORDERS, LandingFolder
from tests.code_locations.architecture_patterns.pattern_run import run_pattern
from tests.deployments import DEV
from tests.rehearsal.dev_account import USER, dev_account, environment_of_dev
from tests.rehearsal.snowflake_keys import make_key_pair

if TYPE_CHECKING:
    from tests.fakes.snowflake.server import SnowflakeServer
    from tests.rehearsal.declared_account import DeclaredAccount

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


@pytest.fixture(scope="module")
def account(snowflake_server: "SnowflakeServer") -> Iterator["DeclaredAccount"]:
    with dev_account(snowflake_server) as declared:
        yield declared


@pytest.fixture
def warehouse(
    account: "DeclaredAccount", snowflake: "SnowflakeServer", monkeypatch: pytest.MonkeyPatch
) -> Iterator["SnowflakeServer"]:
    """The account of deployment `dev` and the credential for it; no table is there."""
    key = make_key_pair()
    snowflake.users.register(USER, key.public)
    for name, value in environment_of_dev(key).items():
        monkeypatch.setenv(name, value)
    yield snowflake
    for schema in ("RAW_DEV.SHOP", "ANALYTICS_DEV.SILVER", "ANALYTICS_DEV.GOLD"):
        for table in account.tables(*schema.split(".")):
            query(snowflake, f"drop table {schema}.{table}")


def query(server: "SnowflakeServer", sql: str) -> list[tuple[Any, ...]]:
    """An administrator's statement, past the wire."""
    with server.engine.connect("RAW_DEV", "SHOP") as connection, connection.cursor() as cursor:
        return [tuple(row) for row in cursor.execute(sql).fetchall()]


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["etl_pipeline", "elt_pipeline"])
def test_the_same_revenue_comes_out_of_snowflake(storage: Path, warehouse: "SnowflakeServer", pattern: str) -> None:
    first = run_pattern(pattern, {"max_rejected_share: 0.01": "max_rejected_share: 1"} if "etl" in pattern else {})
    second = run_pattern(pattern)
    assert first.success
    assert all(first.checks.values())
    assert second.row_counts == first.row_counts
    revenue = query(
        warehouse,
        f"select STORE, ORDERS, REVENUE from ANALYTICS_DEV.GOLD.{pattern.upper()}_MONTHLY_STORE_REVENUE "
        "order by MONTH, STORE_ID",
    )
    assert revenue == [(store, orders, Decimal(amount)) for store, orders, amount in REVENUE]
    rejected = "GOLD" if pattern == "etl_pipeline" else "SILVER"
    counted = query(warehouse, f"select count(*) from ANALYTICS_DEV.{rejected}.{pattern.upper()}_REJECTED_ORDERS")
    assert counted == [(3,)]
    written = warehouse.queries.matching("^(insert|copy|create or replace table|delete|put)")
    assert {(one.user, one.role.removesuffix("_DEV")) for one in written} <= {(USER, "LOADER"), (USER, "TRANSFORMER")}
    for one in written:
        tag = json.loads(one.query_tag)
        assert (tag["pipeline"], tag["asset"]) == ("patterns", f"patterns/{pattern}")
        assert len(tag["run_id"]) == len("00000000-0000-0000-0000-000000000000")


@pytest.mark.slow
def test_a_file_that_went_and_came_back_is_loaded_again(storage: Path, warehouse: "SnowflakeServer") -> None:
    landing = LandingFolder(storage / "landing")
    path = landing.root / "shop" / "orders" / "orders_2018_09.csv"
    original = path.read_bytes()
    first = run_pattern("elt_pipeline")
    landing.put("shop/orders/orders_2018_09.csv", ORDERS, "o1,c1,2018-09-01T12:00:00,s1,1000,60,1060")
    assert run_pattern("elt_pipeline").row_counts["elt_pipeline/raw_orders"] == 5
    path.write_bytes(original)
    assert run_pattern("elt_pipeline").row_counts == first.row_counts


@pytest.mark.slow
def test_loads_at_once_load_each_file_once(storage: Path, warehouse: "SnowflakeServer") -> None:
    platform = PlatformContext(DEV, demo_mode=False)
    meeting = threading.Barrier(3, timeout=60)
    path = storage / "landing" / "shop" / "stores" / "stores.csv"
    files = source_files(LocalLanding(path=str(storage / "landing")), "shop/stores")

    def load(_: int) -> tuple[list[str], list[str]]:
        store = snowflake_or_duckdb(Pattern.ELT_PIPELINE, platform, "shop")
        meeting.wait()
        loaded = load_raw(store, "raw_stores", ["id", "name", "opened_at", "tax_rate"], files)
        return loaded.new, loaded.known

    with ThreadPoolExecutor(max_workers=3) as pool:
        loads = sorted(pool.map(load, range(3)))
    assert loads == [([], [path.name]), ([], [path.name]), ([path.name], [])]
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert query(warehouse, "select count(*) from RAW_DEV.SHOP.ELT_PIPELINE_RAW_STORES") == [(lines - 1,)]


@pytest.mark.slow
def test_a_refusal_says_what_to_do_and_leaves_no_half_loaded_table(storage: Path, warehouse: "SnowflakeServer") -> None:
    warehouse.failures.deny("^copy into .*raw_orders", "table 'ELT_PIPELINE_RAW_ORDERS'", times=1)
    refused = run_pattern("elt_pipeline")
    assert not refused.success
    assert "the role lacks a privilege: `make permissions` shows which ones it should have" in refused.errors
    assert query(warehouse, "select count(*) from RAW_DEV.SHOP.ELT_PIPELINE_RAW_ORDERS") == [(0,)]
    assert run_pattern("elt_pipeline").success
