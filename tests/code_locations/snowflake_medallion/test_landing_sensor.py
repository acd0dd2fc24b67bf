import os
from pathlib import Path

import dagster as dg
import pytest
from platform_contract.local_paths import LocalPaths
from platform_runtime.automation import Automation
from snowflake_medallion.landing_sensor import landing_sensor
from snowflake_medallion.local_landing import LocalLanding
from snowflake_medallion.refresh import refresh_job


@pytest.fixture
def landing(paths: LocalPaths) -> Path:
    folder = paths.landing / "shop"
    (folder / "stores").mkdir(parents=True)
    (folder / "stores" / "a.csv").write_text("id\n1\n", encoding="utf-8")
    return folder


def tick(landing: Path, cursor: str | None) -> tuple[list[dg.RunRequest], str | None]:
    sensor = landing_sensor(LocalLanding(landing), refresh_job(), Automation(is_on=True).watch(demo_mode=True))
    with dg.DagsterInstance.ephemeral() as instance:
        data = sensor.evaluate_tick(dg.build_sensor_context(instance, cursor=cursor))
    return list(data.run_requests or []), data.cursor


def test_one_run_for_all_that_is_new_and_none_for_what_is_known(landing: Path) -> None:
    (landing / "stores" / "b.csv").write_text("id\n2\n", encoding="utf-8")
    (request,), cursor = tick(landing, None)
    assert request.tags["shop/files"] == "2"
    assert request.job_name == "shop_refresh" or request.job_name is None
    assert tick(landing, cursor)[0] == []


def test_a_changed_file_asks_for_another_run(landing: Path) -> None:
    (first,), cursor = tick(landing, None)
    (landing / "stores" / "a.csv").write_text("id\n10\n", encoding="utf-8")
    (second,), _ = tick(landing, cursor)
    assert second.run_key != first.run_key


def test_a_file_merely_touched_asks_for_the_same_run(landing: Path) -> None:
    (first,), cursor = tick(landing, None)
    os.utime(landing / "stores" / "a.csv", (1, 1))
    (second,), _ = tick(landing, cursor)
    assert second.run_key == first.run_key


def test_a_file_that_is_still_arriving_asks_for_nothing(landing: Path) -> None:
    _, cursor = tick(landing, None)
    (landing / "stores" / ".b.csv.arriving-7").write_text("id", encoding="utf-8")
    assert tick(landing, cursor)[0] == []


def test_no_landing_folder_is_no_error(tmp_path: Path) -> None:
    assert tick(tmp_path / "none", None)[0] == []


def test_a_tick_loads_nothing(landing: Path, paths: LocalPaths) -> None:
    tick(landing, None)
    assert not paths.raw_database.exists()
