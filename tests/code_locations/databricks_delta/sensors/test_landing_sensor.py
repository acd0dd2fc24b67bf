from datetime import timedelta

import dagster as dg

from tests.code_locations.databricks_delta.lakehouse_under_test import BRONZE, LakehouseUnderTest, evaluations
from tests.code_locations.databricks_delta.readings import reading, utc

LANDED = utc(2013, 2, 1, 0)
LATER = LANDED + timedelta(days=1)
NOON = utc(2013, 1, 5, 12)


def _requests(weather: LakehouseUnderTest, cursor: str | None) -> tuple[list[dg.RunRequest], str | None]:
    tick = weather.tick("weather_landing", cursor)
    return list(tick.run_requests or []), tick.cursor


def test_a_new_file_asks_for_a_bronze_run_once_and_loads_nothing_itself(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    (request,), cursor = _requests(weather, None)
    assert request.asset_selection == [weather.key(BRONZE)]
    assert request.tags["landing/files"] == "a.csv.gz"
    assert not weather.lakehouse.exists(weather.blueprint.sources[0].bronze)
    assert _requests(weather, cursor)[0] == []


def test_the_run_takes_in_the_file_with_the_checks_of_bronze(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    (request,), _ = _requests(weather, None)
    result = weather.launch(request)
    assert len(weather.rows(BRONZE)) == 1
    assert evaluations(result).keys() == {
        f"{BRONZE}:{check}" for check in ("landing_files_readable", "fresh_by_ingested_at", "months_covered")
    }


def test_files_that_land_together_share_a_run(weather: LakehouseUnderTest) -> None:
    for name in ("b.csv.gz", "a.csv.gz"):
        weather.land(name, [reading(name, NOON)], LANDED)
    (request,), _ = _requests(weather, None)
    assert request.tags["landing/files"] == "a.csv.gz, b.csv.gz"


def test_a_duplicate_and_a_touched_file_ask_for_nothing(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    _, cursor = _requests(weather, None)
    weather.land("copy.csv.gz", [reading("EWR", NOON)], LATER)
    weather.land("a.csv.gz", [reading("EWR", NOON)], LATER)
    assert _requests(weather, cursor)[0] == []


def test_a_correction_under_the_same_name_asks_for_another_run(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    (first,), cursor = _requests(weather, None)
    weather.land("a.csv.gz", [reading("EWR", NOON, temp="60")], LATER)
    (second,), _ = _requests(weather, cursor)
    assert first.run_key != second.run_key


def test_what_bronze_holds_is_not_asked_for_by_a_sensor_that_starts_anew(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    weather.ingest()
    assert _requests(weather, None)[0] == []
    weather.land("b.csv.gz", [reading("JFK", NOON)], LANDED)
    (request,), _ = _requests(weather, None)
    assert request.tags["landing/files"] == "b.csv.gz"


def test_a_bad_file_is_asked_for_once_and_again_when_it_is_replaced(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", b"", LANDED)
    (request,), cursor = _requests(weather, None)
    weather.launch(request)
    assert _requests(weather, cursor)[0] == []
    weather.land("a.csv.gz", [reading("EWR", NOON)], LATER)
    assert len(_requests(weather, cursor)[0]) == 1


def test_the_same_contents_have_the_same_run_key(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    (first,), _ = _requests(weather, None)
    (again,), _ = _requests(weather, None)
    assert first.run_key == again.run_key


def test_an_empty_folder_is_skipped_with_a_reason(weather: LakehouseUnderTest) -> None:
    tick = weather.tick("weather_landing", None)
    assert tick.skip_message == "0 files in weather, none with new content"
