from datetime import timedelta

import dagster as dg
import pytest
from dagster._core.events import StepMaterializationData

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    ABOVE_BRONZE,
    ANOMALIES,
    BRONZE,
    DAILY,
    REJECTED,
    SILVER,
    LakehouseUnderTest,
)
from tests.code_locations.databricks_delta.readings import Reading, reading, utc

LANDED = utc(2013, 5, 1, 0)

type Wanted = set[tuple[frozenset[str], str, str]]
"""Tables, first and last month of each run that was asked for."""


class Follower:
    """The month sensor and its cursor, and the runs that it asks for."""

    def __init__(self, weather: LakehouseUnderTest) -> None:
        self._weather = weather
        self._cursor: str | None = None

    def tick(self) -> list[dg.RunRequest]:
        tick = self._weather.tick("weather_months", self._cursor)
        self._cursor = tick.cursor
        return list(tick.run_requests or [])

    def settle(self) -> list[Wanted]:
        """Tick and launch what is asked for, until nothing is; what each tick asked for."""
        asked: list[Wanted] = []
        while requests := self.tick():
            asked.append({_wanted(request) for request in requests})
            for request in requests:
                self._weather.launch(request)
        return asked


def _wanted(request: dg.RunRequest) -> tuple[frozenset[str], str, str]:
    tables = frozenset(".".join(key.path[1:]) for key in request.asset_selection or [])
    first, last = (request.tags[f"dagster/asset_partition_range_{end}"] for end in ("start", "end"))
    return tables, first, last


@pytest.fixture
def follower(weather: LakehouseUnderTest) -> Follower:
    return Follower(weather)


def _noons(first_day: int, days: int, **values: str) -> list[Reading]:
    """Readings at noon, of days counted from 1 January 2013; warmer by turns, so that they deviate."""
    noons = [utc(2013, 1, 1, 12) + timedelta(days=first_day - 1 + day) for day in range(days)]
    return [reading("EWR", at, **({"temp": str(50 + number % 3)} | values)) for number, at in enumerate(noons)]


def _bronze_run(weather: LakehouseUnderTest, name: str, readings: list[Reading], days_later: int) -> None:
    weather.land(name, readings, LANDED + timedelta(days=days_later))
    weather.run((BRONZE,), "2013-01", "2013-01")


ALL = frozenset(ABOVE_BRONZE)


@pytest.mark.slow
def test_months_that_bronze_received_are_replaced_and_anomalies_that_they_reach(
    weather: LakehouseUnderTest, follower: Follower
) -> None:
    _bronze_run(weather, "april.csv.gz", [reading("EWR", utc(2013, 4, 5, 0))], 0)
    # From 5 April on, 30 days reach May.
    assert follower.settle() == [{(ALL, "2013-04", "2013-04")}, {(frozenset([ANOMALIES]), "2013-05", "2013-05")}]


@pytest.mark.slow
def test_january_reaches_march_by_its_last_two_days(weather: LakehouseUnderTest, follower: Follower) -> None:
    _bronze_run(weather, "january.csv.gz", [reading("EWR", utc(2013, 1, 30, 0))], 0)
    assert follower.settle() == [{(ALL, "2013-01", "2013-01")}, {(frozenset([ANOMALIES]), "2013-02", "2013-03")}]


def test_months_of_one_load_share_a_run_where_they_follow_each_other(
    weather: LakehouseUnderTest, follower: Follower
) -> None:
    hours = [utc(2013, month, 5, 0) for month in (2, 3, 9)]
    _bronze_run(weather, "a.csv.gz", [reading("EWR", hour) for hour in hours], 0)
    assert {_wanted(request) for request in follower.tick()} == {
        (ALL, "2013-02", "2013-03"),
        (ALL, "2013-09", "2013-09"),
    }


@pytest.mark.slow
def test_a_reading_of_30_january_changes_the_anomalies_of_1_march(
    weather: LakehouseUnderTest, follower: Follower
) -> None:
    # 1 March at noon is compared with the noons from 30 January on; it is 30 days before, to the second.
    _bronze_run(weather, "winter.csv.gz", [*_noons(31, 29), *_noons(60, 1, temp="90")], 0)
    follower.settle()
    assert [row["observed_at"] for row in weather.rows(ANOMALIES)] == [utc(2013, 3, 1, 12)]
    before = weather.rows(ANOMALIES)[0]
    _bronze_run(weather, "30 january.csv.gz", [reading("EWR", utc(2013, 1, 30, 12), temp="70")], 1)
    asked = follower.settle()
    assert asked == [{(ALL, "2013-01", "2013-01")}, {(frozenset([ANOMALIES]), "2013-02", "2013-03")}]
    after = weather.rows(ANOMALIES)[0]
    assert after["observed_at"] == before["observed_at"]
    # 29 readings of 50, 51 and 52 °F by turns, then with one of 70 °F more.
    fahrenheit = [50 + number % 3 for number in range(29)]
    assert before["expected_temp_c"] == pytest.approx((sum(fahrenheit) / 29 - 32) / 1.8)
    assert after["expected_temp_c"] == pytest.approx(((sum(fahrenheit) + 70) / 30 - 32) / 1.8)


@pytest.mark.slow
def test_a_reading_of_29_january_is_out_of_reach_of_1_march(weather: LakehouseUnderTest, follower: Follower) -> None:
    _bronze_run(weather, "winter.csv.gz", [*_noons(31, 29), *_noons(60, 1, temp="90")], 0)
    follower.settle()
    before = weather.rows(ANOMALIES)
    _bronze_run(weather, "29 january.csv.gz", [reading("EWR", utc(2013, 1, 29, 12), temp="70")], 1)
    follower.settle()
    assert weather.rows(ANOMALIES) == before


@pytest.mark.slow
def test_a_correction_of_1_march_takes_its_anomaly_away(weather: LakehouseUnderTest, follower: Follower) -> None:
    _bronze_run(weather, "winter.csv.gz", [*_noons(31, 29), *_noons(60, 1, temp="90")], 0)
    follower.settle()
    _bronze_run(weather, "1 march.csv.gz", [reading("EWR", utc(2013, 3, 1, 12), temp="51")], 1)
    assert follower.settle() == [{(ALL, "2013-03", "2013-03")}, {(frozenset([ANOMALIES]), "2013-04", "2013-04")}]
    assert weather.rows(ANOMALIES) == []


@pytest.mark.slow
def test_a_load_that_added_nothing_asks_for_nothing(weather: LakehouseUnderTest, follower: Follower) -> None:
    _bronze_run(weather, "a.csv.gz", [reading("EWR", utc(2013, 4, 5, 0))], 0)
    follower.settle()
    weather.run((BRONZE,), "2013-01", "2013-01")
    assert follower.tick() == []


@pytest.mark.slow
def test_a_run_that_did_it_all_is_not_followed_up_but_for_later_months(
    weather: LakehouseUnderTest, follower: Follower
) -> None:
    weather.land("a.csv.gz", [reading("EWR", utc(2013, 12, 5, 0))], LANDED)
    weather.run_all("2013-12", "2013-12")
    assert follower.tick() == []


def test_only_what_a_run_left_out_is_followed_up(weather: LakehouseUnderTest, follower: Follower) -> None:
    weather.land("a.csv.gz", [reading("EWR", utc(2013, 12, 5, 0))], LANDED)
    weather.run((BRONZE, SILVER, REJECTED), "2013-12", "2013-12")
    assert {_wanted(request) for request in follower.tick()} == {(frozenset([DAILY, ANOMALIES]), "2013-12", "2013-12")}


def test_rows_without_a_month_are_rejected_with_the_first(weather: LakehouseUnderTest, follower: Follower) -> None:
    _bronze_run(weather, "a.csv.gz", [reading("EWR", "never")], 0)
    assert follower.settle() == [{(frozenset([REJECTED]), "2013-01", "2013-01")}]
    assert [row["_month"] for row in weather.rows(REJECTED)] == ["unreadable"]


def test_months_that_are_no_partition_are_left(weather: LakehouseUnderTest, follower: Follower) -> None:
    _bronze_run(weather, "a.csv.gz", [reading("EWR", utc(2015, 4, 5, 0))], 0)
    assert follower.tick() == []


def test_a_run_that_is_under_way_is_waited_for(weather: LakehouseUnderTest, follower: Follower) -> None:
    run = weather.instance.create_run_for_job(
        weather.defs.resolve_implicit_global_asset_job_def(), status=dg.DagsterRunStatus.STARTED
    )
    _report(weather.instance, run, dg.AssetMaterialization(weather.key(SILVER), partition="2013-12"))
    assert follower.tick() == []
    weather.instance.report_run_failed(run)
    assert {_wanted(request) for request in follower.tick()} == {(frozenset([DAILY, ANOMALIES]), "2013-12", "2013-12")}


def test_what_a_run_does_after_the_tick_is_known_at_the_next(weather: LakehouseUnderTest, follower: Follower) -> None:
    run = weather.instance.create_run_for_job(
        weather.defs.resolve_implicit_global_asset_job_def(), status=dg.DagsterRunStatus.STARTED
    )
    _report(weather.instance, run, dg.AssetMaterialization(weather.key(SILVER), partition="2013-12"))
    assert follower.tick() == []
    _report(weather.instance, run, dg.AssetMaterialization(weather.key(DAILY), partition="2013-12"))
    weather.instance.report_run_failed(run)
    assert {_wanted(request) for request in follower.tick()} == {(frozenset([ANOMALIES]), "2013-12", "2013-12")}


def _report(instance: dg.DagsterInstance, run: dg.DagsterRun, materialisation: dg.AssetMaterialization) -> None:
    """What the run's process would report."""
    event = dg.DagsterEvent(
        dg.DagsterEventType.ASSET_MATERIALIZATION.value,
        run.job_name,
        event_specific_data=StepMaterializationData(materialisation),
    )
    instance.report_dagster_event(event, run.run_id)
