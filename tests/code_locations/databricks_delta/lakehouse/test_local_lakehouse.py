from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context

import dagster as dg
import pytest
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.local_lakehouse import LocalLakehouse
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    BRONZE,
    REJECTED,
    SHIPPED_DEFS,
    SILVER,
    LakehouseUnderTest,
    load_blueprint,
)
from tests.code_locations.databricks_delta.readings import csv_text, gzipped, reading, utc

LANDED = utc(2013, 2, 1, 0)
LATER = LANDED + timedelta(days=1)
EARLIER = LANDED - timedelta(days=1)
NOON = utc(2013, 1, 5, 12)


def _temperatures(weather: LakehouseUnderTest) -> list[float | None]:
    weather.compute("2013-01", "2013-01")
    return [row["temp_c"] for row in weather.rows(SILVER)]


def test_a_row_keeps_where_and_when_it_came_from(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    (loaded,) = weather.ingest().loaded
    (row,) = weather.rows(BRONZE)
    assert (row["_source_file"], row["_source_sha256"], row["_source_modified_at"]) == (
        "a.csv.gz",
        loaded.sha256,
        LANDED,
    )
    assert row["_ingested_at"].year >= 2025
    assert row["_month"] == "2013-01"


def test_the_month_is_the_utc_month_of_the_reading_whatever_file_brought_it(weather: LakehouseUnderTest) -> None:
    weather.land("weather_2013_01.csv.gz", [reading("EWR", utc(2013, 2, 1, 4)), reading("EWR", NOON)], LANDED)
    assert weather.ingest().rows_by_period == {"2013-01": 1, "2013-02": 1}


def test_a_file_that_is_in_bronze_is_not_loaded_again(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    weather.ingest()
    version = weather.lakehouse.state(weather.blueprint.sources[0].bronze).version
    again = weather.ingest()
    assert (again.loaded, again.known) == ((), ("a.csv.gz",))
    assert weather.lakehouse.state(weather.blueprint.sources[0].bronze).version == version


def test_a_duplicate_under_another_name_is_not_loaded(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    weather.ingest()
    weather.land("copy of a.csv.gz", [reading("EWR", NOON)], LATER)
    assert weather.ingest().loaded == ()
    assert len(weather.rows(BRONZE)) == 1


def test_two_files_of_the_same_content_that_land_together_are_loaded_once(weather: LakehouseUnderTest) -> None:
    weather.land("b.csv.gz", [reading("EWR", NOON)], LANDED)
    weather.land("a.csv.gz", [reading("EWR", NOON)], LATER)
    ingestion = weather.ingest()
    assert [file.name for file in ingestion.loaded] == ["b.csv.gz"]  # the one that came first
    assert ingestion.known == ("a.csv.gz",)


@pytest.mark.parametrize("name", ["a.csv.gz", "corrected.csv.gz"])
def test_a_correction_wins_under_the_same_name_and_under_another(weather: LakehouseUnderTest, name: str) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON, temp="50")], LANDED)
    weather.ingest()
    weather.land(name, [reading("EWR", NOON, temp="59")], LATER)
    weather.ingest()
    assert len(weather.rows(BRONZE)) == 2
    assert _temperatures(weather) == [15.0]


def test_an_older_file_that_arrives_late_does_not_win(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON, temp="50")], LANDED)
    weather.ingest()
    weather.land("z.csv.gz", [reading("EWR", NOON, temp="59")], EARLIER)
    weather.ingest()
    assert _temperatures(weather) == [10.0]


@pytest.mark.parametrize(
    "fault", [{"temp": "9999"}, {"temp": "warm"}, {"wind_speed": "1048"}, {"humid": "101"}, {"pressure": "0"}]
)
def test_a_bad_correction_erases_no_good_reading(weather: LakehouseUnderTest, fault: dict[str, str]) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON, temp="50")], LANDED)
    weather.ingest()
    weather.land("a.csv.gz", [reading("EWR", NOON, **fault)], LATER)
    weather.ingest()
    assert _temperatures(weather) == [10.0]
    assert len(weather.rows(REJECTED)) == 1


def test_of_files_of_the_same_time_the_last_by_name_wins_then_the_content(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON, temp="68")], LANDED)
    weather.land("b.csv.gz", [reading("EWR", NOON, temp="50"), reading("EWR", NOON, temp="59")], LANDED)
    weather.ingest()
    assert _temperatures(weather) == [15.0]


def test_bad_files_are_left_and_named_and_the_others_loaded(weather: LakehouseUnderTest) -> None:
    weather.land("good.csv.gz", [reading("EWR", NOON)], LANDED)
    weather.land("empty.csv.gz", b"", LANDED)
    header = csv_text([]).replace("temp,", "")
    weather.land("short.csv.gz", gzipped(header), LANDED)
    ingestion = weather.ingest()
    assert [file.name for file in ingestion.loaded] == ["good.csv.gz"]
    assert {problem.file: problem.reason.partition(";")[0] for problem in ingestion.problems} == {
        "empty.csv.gz": "the file is empty",
        "short.csv.gz": "the header: column 'temp' is missing",
    }
    assert sorted(path.name for path in (weather.paths.landing / "weather").iterdir()) == [
        "empty.csv.gz",
        "good.csv.gz",
        "short.csv.gz",
    ]


def test_a_file_that_was_bad_is_loaded_once_it_is_corrected(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", b"", LANDED)
    assert weather.ingest().loaded == ()
    weather.land("a.csv.gz", [reading("EWR", NOON)], LATER)
    ingestion = weather.ingest()
    assert [file.name for file in ingestion.loaded] == ["a.csv.gz"]
    assert ingestion.problems == ()


def test_a_file_that_the_pattern_does_not_match_is_mentioned(weather: LakehouseUnderTest) -> None:
    weather.land("readme.txt", b"hello", LANDED)
    assert weather.ingest().ignored == ("readme.txt",)


def test_an_empty_landing_folder_makes_an_empty_table(weather: LakehouseUnderTest) -> None:
    assert weather.ingest().loaded == ()
    assert weather.rows(BRONZE) == []


def test_rows_without_a_time_are_rejected_as_unreadable(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", "yesterday"), reading("JFK", "2013-02-30T00:00:00Z")], LANDED)
    assert weather.ingest().rows_by_period == {"unreadable": 2}
    weather.compute("2013-05", "2013-05")  # they have no month, so any will do
    assert {(row["_month"], row["_rejection_reason"]) for row in weather.rows(REJECTED)} == {
        ("unreadable", 'unreadable key: time_hour "yesterday"'),
        ("unreadable", 'unreadable key: time_hour "2013-02-30T00:00:00Z"'),
    }
    weather.compute("2013-01", "2013-01")
    assert len(weather.rows(REJECTED)) == 2


def test_replacing_a_month_leaves_the_others_alone(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON), reading("EWR", utc(2013, 2, 5, 12))], LANDED)
    weather.ingest()
    weather.compute("2013-01", "2013-02")
    files = set(weather.delta(SILVER).file_uris())
    weather.compute("2013-01", "2013-01")
    kept = files & set(weather.delta(SILVER).file_uris())
    assert [uri for uri in kept if "2013-02" in uri] == [uri for uri in files if "2013-02" in uri]
    assert len(weather.rows(SILVER)) == 2


def test_after_a_restore_ingesting_brings_all_rows_back(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    weather.ingest()
    version = weather.lakehouse.state(weather.blueprint.sources[0].bronze).version
    weather.land("b.csv.gz", [reading("JFK", NOON)], LANDED)
    weather.ingest()
    whole = sorted(row["origin"] for row in weather.rows(BRONZE))
    weather.lakehouse.restore(weather.blueprint.sources[0].bronze, version)
    assert [row["origin"] for row in weather.rows(BRONZE)] == ["EWR"]
    assert [file.name for file in weather.ingest().loaded] == ["b.csv.gz"]
    assert sorted(row["origin"] for row in weather.rows(BRONZE)) == whole


def test_history_tells_versions_newest_first(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    weather.ingest()
    history = weather.lakehouse.history(weather.blueprint.sources[0].bronze)
    assert [(entry.version, entry.operation) for entry in history] == [(1, "WRITE"), (0, "CREATE TABLE")]
    assert all(entry.at.tzinfo is not None for entry in history)


def test_maintenance_joins_a_months_files_and_keeps_its_rows(weather: LakehouseUnderTest) -> None:
    for number in range(3):
        weather.land(f"{number}.csv.gz", [reading("EWR", NOON + timedelta(hours=number))], LANDED)
        weather.ingest()
    rows = sorted(row["time_hour"] for row in weather.rows(BRONZE))
    assert weather.lakehouse.state(weather.blueprint.sources[0].bronze).files == 3
    assert weather.lakehouse.maintain(weather.blueprint.sources[0].bronze)["periods_clustered"] == 1
    assert weather.lakehouse.state(weather.blueprint.sources[0].bronze).files == 1
    assert sorted(row["time_hour"] for row in weather.rows(BRONZE)) == rows
    assert weather.lakehouse.maintain(weather.blueprint.sources[0].bronze)["periods_clustered"] == 0


def test_maintenance_clusters_by_the_declared_columns(weather: LakehouseUnderTest) -> None:
    clustered = replace(weather.blueprint.sources[0].bronze, clustering=("origin", "time_hour"))
    for name in ("b.csv.gz", "a.csv.gz"):
        weather.land(name, [reading(name.upper(), NOON)], LANDED)
        weather.ingest()
    weather.lakehouse.maintain(clustered)
    assert len(weather.rows(BRONZE)) == 2
    assert weather.lakehouse.state(clustered).files == 1


def test_months_that_are_replaced_again_and_again_do_not_fill_the_disk(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON + timedelta(hours=hour)) for hour in range(12)], LANDED)
    weather.ingest()
    silver = next(table for table in weather.blueprint.period_tables if table.table.full_name == SILVER)
    # Retention that has passed at once: the same as waiting for the declared one.
    forgetful = replace(silver, table=replace(silver.table, retention_days=0))
    on_disk: list[int] = []
    for _ in range(5):
        for _ in range(3):
            weather.lakehouse.replace_periods(dg.build_asset_context(), forgetful, PeriodRange("2013-01", "2013-01"))
        weather.lakehouse.maintain(forgetful.table)
        on_disk.append(_bytes_of_data(weather, SILVER))
    live = weather.lakehouse.state(forgetful.table).size_bytes
    assert on_disk == [live] * 5
    assert len(weather.rows(SILVER)) == 12


def test_maintenance_leaves_what_retention_has_not_passed(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    weather.ingest()
    for _ in range(3):
        weather.compute("2013-01", "2013-01")
    silver = next(table.table for table in weather.blueprint.period_tables if table.table.full_name == SILVER)
    orphan = weather.paths.lakehouse / "silver" / "weather_readings" / "_month=2013-01" / "of-another-writer.parquet"
    orphan.write_bytes(b"not committed yet")
    before = _bytes_of_data(weather, SILVER)
    assert weather.lakehouse.maintain(silver)["files_deleted"] == 0
    assert _bytes_of_data(weather, SILVER) == before
    weather.lakehouse.restore(silver, 2)
    assert len(weather.rows(SILVER)) == 1


def _bytes_of_data(weather: LakehouseUnderTest, full_name: str) -> int:
    folder = weather.paths.lakehouse / full_name.replace(".", "/")
    return sum(file.stat().st_size for file in folder.rglob("*.parquet") if "_delta_log" not in file.parts)


def test_a_table_that_was_never_written_is_named(weather: LakehouseUnderTest) -> None:
    statement = Statement(f"SELECT count(*) AS n FROM {SILVER}", "a question", {})
    with pytest.raises(LakehouseError, match=r"silver\.weather_readings has never been written: materialise it first"):
        weather.lakehouse.query(statement, None)


def test_a_select_that_fails_names_its_file(weather: LakehouseUnderTest) -> None:
    weather.ingest()
    broken = replace(
        weather.blueprint.period_tables[0], statement=Statement(f"SELECT no_such FROM {BRONZE}", "broken.sql", {})
    )
    with pytest.raises(LakehouseError, match=r"^broken\.sql: .*no_such"):
        weather.lakehouse.replace_periods(dg.build_asset_context(), broken, PeriodRange("2013-01", "2013-01"))


def test_a_select_of_other_columns_than_declared_is_refused(weather: LakehouseUnderTest) -> None:
    weather.ingest()
    silver = next(table for table in weather.blueprint.period_tables if table.table.full_name == SILVER)
    other = replace(silver, statement=Statement(f"SELECT * FROM {BRONZE}", "other.sql", {}))
    with pytest.raises(LakehouseError, match=r"^other\.sql does not select what silver\.weather_readings declares"):
        weather.lakehouse.replace_periods(dg.build_asset_context(), other, PeriodRange("2013-01", "2013-01"))


def test_nothing_stays_in_the_scratch_folder(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    weather.ingest()
    weather.compute("2013-01", "2013-01")
    assert list(weather.paths.scratch.iterdir()) == []


def _ingest_elsewhere(folders: dict[str, str]) -> list[str]:
    blueprint = load_blueprint(SHIPPED_DEFS, "weather")
    lakehouse = LocalLakehouse(**folders)
    return [file.name for file in lakehouse.ingest(blueprint.sources[0].bronze, blueprint.sources[0].landing).loaded]


@pytest.mark.slow
def test_processes_that_ingest_at_the_same_time_load_every_file_once(weather: LakehouseUnderTest) -> None:
    names = [f"{number}.csv.gz" for number in range(6)]
    for number, name in enumerate(names):
        hours = [NOON + timedelta(days=number, hours=hour) for hour in range(10)]
        weather.land(name, [reading("EWR", hour) for hour in hours], LANDED)
    folders = weather.lakehouse.model_dump(include={"tables_folder", "landing_folder", "scratch_folder"})
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as processes:
        loaded = list(processes.map(_ingest_elsewhere, [folders] * 4))
    assert sorted(name for names_loaded in loaded for name in names_loaded) == names
    assert len(weather.rows(BRONZE)) == 60
