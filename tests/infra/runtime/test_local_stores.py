from pathlib import Path

import duckdb
import pytest
import yaml
from platform_contract.deployment import pull_request
from platform_contract.local_paths import LocalPaths
from platform_runtime.local_stores import provision_local_stores

from tests.deployments import LOCAL


@pytest.fixture
def paths(tmp_path: Path) -> LocalPaths:
    return LocalPaths(tmp_path, LOCAL)


def schemas(database: Path) -> set[str]:
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            "select schema_name from information_schema.schemata where catalog_name = current_database()"
        ).fetchall()
    return {name for (name,) in rows} - {"main", "information_schema", "pg_catalog"}


def test_both_databases_have_their_schemas(paths: LocalPaths) -> None:
    provision_local_stores(paths)
    assert schemas(paths.raw_database) == {"flights", "shop"}
    of_flights = {"flights_bronze", "flights_silver", "flights_gold"}
    assert schemas(paths.analytics_database) == {"bronze", "silver", "gold"} | of_flights


def test_provisioning_again_keeps_what_is_there(paths: LocalPaths) -> None:
    provision_local_stores(paths)
    with duckdb.connect(paths.raw_database) as connection:
        connection.execute("create table shop.orders as select 1 as id")
    (paths.landing / "a.csv").write_text("x", encoding="utf-8")
    provision_local_stores(paths)
    with duckdb.connect(paths.raw_database, read_only=True) as connection:
        assert connection.execute("select id from shop.orders").fetchall() == [(1,)]
    assert (paths.landing / "a.csv").read_text(encoding="utf-8") == "x"


def test_the_dagster_home_has_telemetry_off_and_pools_of_one_slot(paths: LocalPaths) -> None:
    provision_local_stores(paths)
    settings = yaml.safe_load((paths.dagster_home / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["telemetry"] == {"enabled": False}
    assert settings["concurrency"]["pools"] == {"default_limit": 1, "granularity": "op"}


def test_one_deployment_leaves_another_alone(tmp_path: Path) -> None:
    provision_local_stores(LocalPaths(tmp_path, pull_request(7)))
    assert [entry.name for entry in tmp_path.iterdir()] == ["pr-7"]
