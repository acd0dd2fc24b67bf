import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from architecture_patterns.defs.lakehouse_pipeline.bronze import load_file
from architecture_patterns.defs.lakehouse_pipeline.checks import (
    every_reading_counted,
    no_reading_lost,
    nothing_lost_since_previous_version,
    one_reading_per_instant,
)
from architecture_patterns.defs.lakehouse_pipeline.compute import duckdb_over
from architecture_patterns.defs.lakehouse_pipeline.delta_tables import LocalDeltaTables
from architecture_patterns.landed import WEATHER_SOURCE, SourceFile, source_files
from deltalake import DeltaTable, write_deltalake
from platform_contract.local_paths import LocalPaths
from platform_runtime.files.landing import LocalLanding

from tests.code_locations.architecture_patterns.landing_folder import WEATHER, LandingFolder
from tests.code_locations.architecture_patterns.pattern_run import FirstRun, check_result, run_pattern

SIX = dt.datetime(2013, 1, 1, 6, tzinfo=dt.UTC)
SEVEN = dt.datetime(2013, 1, 1, 7, tzinfo=dt.UTC)
FEBRUARY = dt.datetime(2013, 2, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def tables(local_paths: LocalPaths) -> LocalDeltaTables:
    return LocalDeltaTables(path=str(local_paths.patterns / "lakehouse_pipeline"))


def records(table: DeltaTable) -> list[dict[str, object]]:
    return table.to_pyarrow_table().to_pylist()


def temperatures(table: DeltaTable) -> dict[tuple[object, object], object]:
    return {(row["station"], row["observed_at"]): round(float(str(row["temp_c"])), 6) for row in records(table)}


def test_bronze_keeps_each_file_as_it_landed_in_a_version_of_its_own(
    first_run: FirstRun, tables: LocalDeltaTables
) -> None:
    assert first_run("lakehouse_pipeline").success
    bronze = tables.open("bronze_readings")
    assert [commit.get("source_file") for commit in reversed(bronze.history())] == [
        None,  # made, without a row
        "weather_2013_01.csv",
        "weather_2013_02.csv.gz",
    ]
    assert [tables.open_version("bronze_readings", version).count() for version in (0, 1, 2)] == [0, 4, 6]
    assert {row["wind_speed"] for row in records(bronze)} == {"10", "NA", "20", "1048.36058"}


def test_a_file_that_two_load_at_once_is_there_once(tables: LocalDeltaTables, local_paths: LocalPaths) -> None:
    """No pool keeps them apart, as none does in a branch deployment."""
    LandingFolder(local_paths.landing).put_weather()
    landed = source_files(LocalLanding(path=str(local_paths.landing)), WEATHER_SOURCE).all_of_them()
    together = threading.Barrier(4)

    def added(file: SourceFile) -> int:
        with file.opened() as hashed:
            return load_file(tables, hashed)

    def load(_: int) -> Counter[int]:
        together.wait()
        return Counter(map(added, landed))

    with ThreadPoolExecutor(4) as loaders:
        loaded = sum(loaders.map(load, range(4)), Counter())
    assert loaded == {0: 6, 2: 1, 4: 1}
    assert tables.open("bronze_readings").count() == 6


def test_who_has_seen_an_older_version_adds_nothing(first_run: FirstRun, tables: LocalDeltaTables) -> None:
    assert first_run("lakehouse_pipeline").success
    seen, meanwhile = tables.open("bronze_readings"), tables.open("bronze_readings")
    with duckdb_over({"bronze": seen}) as connection:
        rows = connection.table("bronze").limit(1)
        assert tables.append_once(meanwhile, "content", rows, {})
        assert not tables.append_once(seen, "content", rows, {})
    assert tables.open("bronze_readings").count() == 7


def test_silver_holds_si_units_and_rejects_what_cannot_be_believed(
    first_run: FirstRun, tables: LocalDeltaTables
) -> None:
    outcome = first_run("lakehouse_pipeline")
    silver = {(row["station"], row["observed_at"]): row for row in records(tables.open("silver_readings"))}
    assert set(silver) == {("EWR", SIX), ("EWR", SEVEN), ("JFK", SIX), ("EWR", FEBRUARY)}
    first = silver["EWR", SIX]
    # 50 °F = 10 °C, 10 mph = 4.4704 m/s, 0.1 in = 2.54 mm
    assert [first["temp_c"], first["wind_speed_ms"], first["precip_mm"]] == pytest.approx([10, 4.4704, 2.54])
    assert [silver["EWR", SEVEN][column] for column in ("humidity_pct", "wind_speed_ms", "pressure_hpa")] == [None] * 3
    rejected = {
        row["rejected_because"]: (row["_source_file"], row["_source_line"])
        for row in records(tables.open("rejected_readings"))
    }
    assert rejected == {
        "wind_speed is above 113.0 m/s: 1048.36058 mph": ("weather_2013_01.csv", 5),
        "temp is not a number: warm": ("weather_2013_02.csv.gz", 3),
    }
    assert outcome.metadata["lakehouse_pipeline/silver_readings"]["rows_rejected"] == 2


def test_gold_sums_up_each_station_and_month(first_run: FirstRun, tables: LocalDeltaTables) -> None:
    outcome = first_run("lakehouse_pipeline")
    gold = [tuple(row.values()) for row in records(tables.open("gold_monthly_climate"))]
    # station, month, readings, mean, min, max in °C, rain in mm; EWR in January: 10 °C and 5 °C
    assert sorted(gold) == [
        ("EWR", dt.date(2013, 1, 1), 2, 7.5, 5.0, 10.0, 2.54),
        ("EWR", dt.date(2013, 2, 1), 1, 20.0, 20.0, 20.0, 5.08),
        ("JFK", dt.date(2013, 1, 1), 1, -10.0, -10.0, -10.0, 0.0),
    ]
    assert outcome.checks == {
        "lakehouse_pipeline/silver_readings.one_reading_per_instant": True,
        "lakehouse_pipeline/silver_readings.nothing_lost_since_previous_version": True,
        "lakehouse_pipeline/rejected_readings.no_reading_lost": True,
        "lakehouse_pipeline/gold_monthly_climate.every_reading_counted": True,
    }


def test_a_second_run_adds_no_row_and_no_version(first_run: FirstRun, landing: LandingFolder) -> None:
    first = first_run("lakehouse_pipeline")
    landing.put_bytes("weather/copy.csv", (landing.root / "weather/weather_2013_01.csv").read_bytes())
    second = run_pattern("lakehouse_pipeline")
    assert second.row_counts == first.row_counts
    versions = {table: metadata["delta_version"] for table, metadata in second.metadata.items()}
    assert versions == {table: metadata["delta_version"] for table, metadata in first.metadata.items()}
    assert second.metadata["lakehouse_pipeline/bronze_readings"]["rows_added"] == 0


def test_a_correction_stands_a_bad_one_erases_nothing_and_the_past_can_be_read(
    first_run: FirstRun, landing: LandingFolder, tables: LocalDeltaTables
) -> None:
    first_run("lakehouse_pipeline")
    landing.put(
        "weather/weather_2013_01.csv",
        WEATHER,
        "EWR,2013,1,1,1,59,26.06,59.37,270,10,NA,0.1,1012,10,2013-01-01T06:00:00Z",
        "EWR,2013,1,1,2,nan,26.06,NA,270,NA,NA,0,NA,10,2013-01-01T07:00:00Z",
    )
    outcome = run_pattern("lakehouse_pipeline")
    assert outcome.success
    assert all(outcome.checks.values())
    assert outcome.metadata["lakehouse_pipeline/silver_readings"]["rows_superseded"] == 1
    now = temperatures(tables.open("silver_readings"))
    assert (now["EWR", SIX], now["EWR", SEVEN], now["JFK", SIX]) == (15.0, 5.0, -10.0)
    before = temperatures(tables.open_version("silver_readings", 0))
    assert before["EWR", SIX] == 10.0


def test_a_rule_changed_in_yaml_moves_a_row_to_silver_and_back(first_run: FirstRun, tables: LocalDeltaTables) -> None:
    first_run("lakehouse_pipeline")
    loose = run_pattern("lakehouse_pipeline", {"max_wind_speed_ms: 113": "max_wind_speed_ms: 500"})
    assert loose.row_counts["lakehouse_pipeline/silver_readings"] == 5
    assert loose.row_counts["lakehouse_pipeline/rejected_readings"] == 1
    strict = run_pattern("lakehouse_pipeline")
    assert strict.row_counts["lakehouse_pipeline/silver_readings"] == 4
    assert strict.row_counts["lakehouse_pipeline/rejected_readings"] == 2
    assert all(strict.checks.values())


def test_restored_bronze_takes_the_lost_file_again(first_run: FirstRun, tables: LocalDeltaTables) -> None:
    first = first_run("lakehouse_pipeline")
    tables.open("bronze_readings").restore(1)
    outcome = run_pattern("lakehouse_pipeline")
    assert outcome.metadata["lakehouse_pipeline/bronze_readings"]["files_added"] == 1
    assert outcome.row_counts == first.row_counts


def test_checks_fail_on_what_they_are_for(first_run: FirstRun, tables: LocalDeltaTables) -> None:
    first_run("lakehouse_pipeline")
    tables.open("silver_readings").delete("station = 'JFK'")
    assert not check_result(nothing_lost_since_previous_version, lakehouse_tables=tables).passed
    assert not check_result(no_reading_lost, lakehouse_tables=tables).passed
    assert not check_result(every_reading_counted, lakehouse_tables=tables).passed
    silver = tables.open("silver_readings")
    write_deltalake(silver, silver.to_pyarrow_table().slice(0, 1), mode="append")
    assert not check_result(one_reading_per_instant, lakehouse_tables=tables).passed


def test_a_file_that_cannot_be_read_does_not_keep_the_others_out(
    first_run: FirstRun, landing: LandingFolder, tables: LocalDeltaTables
) -> None:
    first_run("lakehouse_pipeline")
    ragged = landing.put("weather/weather_2013_03.csv", WEATHER, "EWR,2013,3,1")
    landing.put(
        "weather/weather_2013_04.csv", WEATHER, "EWR,2013,4,1,1,50,2,5,270,10,NA,0.1,1012,10,2013-04-01T06:00:00Z"
    )
    outcome = run_pattern("lakehouse_pipeline")
    assert not outcome.success
    assert f"{ragged.name}, row 1 (line 2): has 4 fields where the header has 15; quote or" in outcome.errors
    assert tables.open("bronze_readings").count() == 7


def test_an_empty_landing_folder_says_what_to_run(local_paths: LocalPaths) -> None:
    outcome = run_pattern("lakehouse_pipeline")
    assert f"no CSV file in {local_paths.landing}/weather: run `make land`" in outcome.errors


def test_a_table_that_is_not_there_names_what_to_materialise(tables: LocalDeltaTables) -> None:
    with pytest.raises(ValueError, match="silver_readings: materialise silver_readings first"):
        tables.open("silver_readings")
