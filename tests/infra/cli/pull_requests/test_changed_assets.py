"""What a pull request's build in Dagster+ is launched for."""

import importlib.util
import json
import shutil
from pathlib import Path

import dagster as dg
import pytest
from platform_cli.demo.code_location import LoadedLocation, load_location
from platform_cli.published_code import write_code_versions
from platform_cli.pull_requests.changed_assets import AssetRun, runs_of_changes
from platform_cli.workplace import workplace_of
from platform_contract.deployment import pull_request
from platform_contract.errors import ContractError
from platform_contract.local_paths import checkout
from platform_contract.snowflake_names import SnowflakeNames
from snowflake_medallion.dbt_engine import SnowflakeEngine
from snowflake_medallion.dbt_manifest import MANIFEST, prepare_manifest

from tests.deployments import PROD
from tests.fakes.weather_checkout import make_lean, write_weather_checkout

REAL = checkout(Path(__file__))
PR = pull_request(7)
ABOVE_BRONZE = {
    "weather/silver/weather_readings",
    "weather/silver/weather_readings_rejected",
    "weather/gold/station_daily_summary",
    "weather/gold/temperature_anomalies",
}
MONTHS = {"dagster/asset_partition_range_start": "2013-01", "dagster/asset_partition_range_end": "2013-02"}

pytestmark = pytest.mark.slow


@pytest.fixture
def weather_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lakehouse of two months in a checkout that is the working directory, for pull request 7."""
    folder = write_weather_checkout(tmp_path / "checkout")
    make_lean(folder / "defs.yaml")
    monkeypatch.chdir(tmp_path / "checkout")
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "pr-7")


def location(name: str) -> LoadedLocation:
    return load_location(workplace_of(PR).workspace_file, name)


def weather_runs(weather: LoadedLocation, published: Path) -> list[AssetRun]:
    return runs_of_changes(weather, "weather_build", workplace_of(PR), published)


def shop_runs(shop: LoadedLocation, published: Path) -> list[AssetRun]:
    return runs_of_changes(shop, "shop_build", workplace_of(PR), published)


def names(run: AssetRun) -> set[str]:
    return {key.to_user_string() for key in run.assets}


@pytest.mark.usefixtures("weather_checkout")
def test_of_the_lakehouse_what_is_computed_otherwise_and_what_depends_on_it_for_every_month(
    tmp_path: Path,
) -> None:
    published = tmp_path / "published"
    published.mkdir()
    weather = location("databricks_delta")
    (everything,) = weather_runs(weather, published)
    assert names(everything) == {*ABOVE_BRONZE, "weather/bronze/weather_readings"}
    assert everything.tags == MONTHS

    write_code_versions(published, weather.code_versions)
    assert weather_runs(weather, published) == []
    write_code_versions(published, {**weather.code_versions, "weather/silver/weather_readings": "as it was"})
    (run,) = weather_runs(weather, published)
    assert names(run) == ABOVE_BRONZE - {"weather/silver/weather_readings_rejected"}
    assert {check.asset_key for check in run.checks} <= run.assets
    assert run.tags == MONTHS


@pytest.mark.usefixtures("weather_checkout")
def test_a_job_that_the_deployment_has_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="databricks_delta has no job rain_build in pr-7"):
        runs_of_changes(location("databricks_delta"), "rain_build", workplace_of(PR), tmp_path)


@pytest.mark.skipif(
    importlib.util.find_spec("dbt.adapters.snowflake") is None, reason="needs dbt-snowflake: uv sync --group snowflake"
)
def test_of_the_shop_what_dbt_finds_modified_and_a_test_that_has_changed_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REAL)
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "pr-7")
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")
    published = tmp_path / "published"
    published.mkdir()
    release = prepare_manifest(REAL / "dbt_project", SnowflakeEngine(SnowflakeNames(PROD), tmp_path / "release"))
    shutil.copy(release / MANIFEST, published)
    shop = location("snowflake_medallion")
    assert shop_runs(shop, published) == []

    manifest = json.loads((published / MANIFEST).read_text(encoding="utf-8"))
    (unknown,) = [
        name for name in manifest["nodes"] if name.startswith("test.platform.not_null_silver_orders_ordered_at")
    ]
    del manifest["nodes"][unknown]
    (published / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    on_orders = dg.AssetKey(["shop", "silver_orders"])
    changed = dg.AssetCheckKey(on_orders, "not_null_silver_orders_ordered_at")
    assert shop_runs(shop, published) == [AssetRun(frozenset(), frozenset({changed}), {})]

    manifest["nodes"]["model.platform.silver_stores"]["raw_code"] = "select 1"
    (published / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (run,) = shop_runs(shop, published)
    assert names(run) == {"shop/silver_stores", "shop/gold_customer_summary", "shop/gold_store_daily_sales"}
    assert run.tags == {}
    # One of them asks whether the store of an order is known.
    dependent = dg.AssetCheckKey(on_orders, "silver_orders_store_is_known")
    assert {check for check in run.checks if check.asset_key not in run.assets} == {changed, dependent}
    assert {check.asset_key for check in run.checks} == {*run.assets, on_orders}

    shutil.rmtree(published)
    (everything,) = shop_runs(shop, published)
    assert len(everything.assets) == 11
    assert not [name for name in names(everything) if name.startswith("shop/raw/")]
