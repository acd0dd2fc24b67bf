import os
import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from platform_contract.local_paths import LocalPaths
from platform_runtime.automation import Automation
from platform_runtime.files.local_folder import LocalFolder
from snowflake_medallion.landing_sensor import landing_sensor
from snowflake_medallion.raw_load import load_landed_files, local_raw_store
from snowflake_medallion.refresh import refresh_job

from tests.fakes.shop_tables import LATEST_STORES, SHOP, SHOP_TABLES

type Tick = Callable[[str | None], tuple[list[dg.RunRequest], str | None]]


@pytest.fixture
def landing(paths: LocalPaths) -> Path:
    folder = paths.landing / "shop"
    (folder / "stores").mkdir(parents=True)
    (folder / "stores" / "a.csv").write_text("id\n1\n", encoding="utf-8")
    return folder


@pytest.fixture
def tick(landing: Path, paths: LocalPaths) -> Tick:
    """One evaluation of the sensor, as the daemon makes it."""

    def evaluate(cursor: str | None) -> tuple[list[dg.RunRequest], str | None]:
        sensor = landing_sensor(
            LocalFolder(landing), SHOP_TABLES, refresh_job(SHOP), Automation(is_on=True).watch(demo_mode=True)
        )
        resources = {"shop_raw_store": local_raw_store(paths, SHOP)}
        with dg.DagsterInstance.ephemeral() as instance:
            context = dg.build_sensor_context(instance, cursor=cursor, resources=resources)
            data = sensor.evaluate_tick(context)
        return list(data.run_requests or []), data.cursor

    return evaluate


def test_one_run_for_all_that_is_new_and_none_for_what_is_known(landing: Path, tick: Tick) -> None:
    (landing / "stores" / "b.csv").write_text("id\n2\n", encoding="utf-8")
    (request,), cursor = tick(None)
    assert request.tags["shop/files"] == "2"
    assert request.job_name == "shop_refresh" or request.job_name is None
    assert tick(cursor)[0] == []


def test_a_changed_file_asks_for_another_run(landing: Path, tick: Tick) -> None:
    (first,), cursor = tick(None)
    (landing / "stores" / "a.csv").write_text("id\n10\n", encoding="utf-8")
    (second,), _ = tick(cursor)
    assert second.run_key != first.run_key


def test_a_file_merely_touched_asks_for_the_same_run(landing: Path, tick: Tick) -> None:
    (first,), cursor = tick(None)
    os.utime(landing / "stores" / "a.csv", (1, 1))
    (second,), _ = tick(cursor)
    assert second.run_key == first.run_key


def test_a_file_that_is_still_arriving_asks_for_nothing(landing: Path, tick: Tick) -> None:
    _, cursor = tick(None)
    (landing / "stores" / ".b.csv.arriving-7").write_text("id", encoding="utf-8")
    assert tick(cursor)[0] == []


def test_no_landing_folder_is_no_error(landing: Path, tick: Tick) -> None:
    shutil.rmtree(landing)
    assert tick(None)[0] == []


@pytest.mark.usefixtures("landing")
def test_a_tick_loads_nothing(tick: Tick, paths: LocalPaths) -> None:
    tick(None)
    assert not paths.raw_database.exists()


def test_a_sensor_that_starts_anew_asks_for_what_is_not_loaded(landing: Path, tick: Tick, paths: LocalPaths) -> None:
    (landing / "stores" / "a.csv").write_text("id,name,opened_at,tax_rate\n1,a,2018-01-01,0\n", encoding="utf-8")
    load_landed_files(paths, SHOP, SHOP_TABLES)
    assert tick(None)[0] == []
    (landing / "stores" / "b.csv").write_text("id,name,opened_at,tax_rate\n2,b,2018-01-01,0\n", encoding="utf-8")
    (request,), _ = tick(None)
    assert request.tags["shop/files"] == "1"


def test_where_the_latest_version_is_kept_one_that_comes_back_asks_for_a_run_of_its_own(
    landing: Path, paths: LocalPaths
) -> None:
    """Dagster starts no second run for a run key: another arrival has another."""
    file = landing / "stores" / "a.csv"
    sensor = landing_sensor(
        LocalFolder(landing), [LATEST_STORES], refresh_job(SHOP), Automation(is_on=True).watch(demo_mode=True)
    )
    asked: list[str | None] = []
    cursor = None
    for number, name in enumerate(("Rome", "Roma", "Rome", "Rome")):
        file.write_text(f"id,name,opened_at,tax_rate\ns1,{name},,\n", encoding="utf-8")
        os.utime(file, (1_567_310_400 + number, 1_567_310_400 + number))
        with dg.DagsterInstance.ephemeral() as instance:
            resources = {"shop_raw_store": local_raw_store(paths, SHOP)}
            data = sensor.evaluate_tick(dg.build_sensor_context(instance, cursor=cursor, resources=resources))
        cursor = data.cursor
        asked += [request.run_key for request in data.run_requests or []]
        load_landed_files(paths, SHOP, [LATEST_STORES])
    assert len(asked) == len(set(asked)) == 3
