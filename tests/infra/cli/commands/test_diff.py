from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import Result
from deltalake import write_deltalake
from platform_cli.diff.declared_tables import warehouse_tables
from platform_cli.permissions.dbt_manifest import dbt_manifest
from platform_contract.deployment import Deployment, pull_request
from platform_contract.domains import domain_named
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths
from platform_runtime.local_stores import provision_local_stores

from tests.deployments import LOCAL

CHECKOUT = Path(__file__).parents[4]


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real checkout, with stores elsewhere: one day of two has another mean, and one side alone has sales."""
    monkeypatch.chdir(CHECKOUT)
    root = tmp_path / "stores"
    monkeypatch.setenv("PLATFORM_LOCAL_ROOT", str(root))
    for deployment, mean in ((LOCAL, 10.0), (pull_request(7), 12.5)):
        fill(root, deployment, mean)
    return root


def fill(root: Path, deployment: Deployment, mean: float) -> None:
    paths = LocalPaths(root, deployment)
    provision_local_stores(paths)
    days = (
        f"select 'JFK' as station, date '2013-01-01' + n::int as day, if(n = 0, {mean}, 7) as mean_temp_c,"
        " '2013-01' as _month from range(2) as t (n)"
    )
    daily = paths.delta_table(Layer.GOLD, "station_daily_summary")
    with duckdb.connect() as connection:
        write_deltalake(daily, connection.sql(days).to_arrow_table(), partition_by=["_month"])
    if deployment == LOCAL:
        with duckdb.connect(paths.analytics_database) as analytics:
            analytics.execute("create table gold.gold_store_daily_sales as select 'north' as store from range(30)")


@pytest.mark.slow
def test_the_tables_that_the_locations_declare_are_compared_by_their_keys(
    stores: Path, platform: Callable[..., Result]
) -> None:
    done = platform("diff", "--deployment", "pr-7", "--markdown")
    assert done.exit_code == 0, done.output
    told = done.output.splitlines()
    assert told[0] == "### What pr-7 does to the data of local"
    assert "**weather/gold/station_daily_summary**: 1 changed, of 2 rows before and 2 after" in told
    assert "| mean_temp_c | JFK, 2013-01-01 | 10 | 12.5 |" in told
    assert "**shop/gold_store_daily_sales**: only in local, 30 rows" in told
    assert "`weather/gold/temperature_anomalies`" in told[-1]
    assert "pr-7 compared with local" in platform("diff", "--deployment", "pr-7", "--base", "local").output
    # No gold table of the shop is without a key.
    keys = {
        name: table.key
        for name, table in warehouse_tables(dbt_manifest(CHECKOUT, stores), domain_named("shop")).items()
    }
    assert keys == {
        "gold_calendar": ("day",),
        "gold_customer_history": ("customer_id", "dbt_valid_from"),
        "gold_customer_summary": ("customer_id",),
        "gold_store_daily_sales": ("store", "day"),
    }


def test_there_is_nothing_to_compare_before_a_clone(stores: Path, platform: Callable[..., Result]) -> None:
    refused = platform("diff", "--deployment", "pr-8")
    assert refused.exit_code == 2
    assert "make clone DEPLOYMENT=pr-8" in refused.output


@pytest.mark.parametrize("deployment", ["local", "dev", "prod"])
def test_only_a_pull_request_is_compared(stores: Path, platform: Callable[..., Result], deployment: str) -> None:
    refused = platform("diff", "--deployment", deployment)
    assert refused.exit_code == 2
    assert "name pr-<number>" in refused.output
