"""Checks as a run evaluates and records them."""

import dagster as dg
import pytest
from databricks_delta.lakehouse.periods import PeriodRange
from deltalake import write_deltalake

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    BRONZE,
    SILVER,
    LakehouseUnderTest,
)
from tests.code_locations.databricks_delta.readings import reading, utc

LANDED = utc(2013, 4, 1, 0)


@pytest.fixture
def two_months(weather: LakehouseUnderTest) -> LakehouseUnderTest:
    """A reading in each month, that of January doubled past the pipeline."""
    weather.land("a.csv.gz", [reading("EWR", utc(2013, 1, 5, 0)), reading("EWR", utc(2013, 2, 5, 0))], LANDED)
    weather.ingest()
    weather.compute("2013-01", "2013-02")
    write_deltalake(weather.delta(SILVER), weather.delta(SILVER).scan(predicate="_month = '2013-01'"), mode="append")
    return weather


def test_a_failing_month_stays_in_sight_until_it_is_judged_again(two_months: LakehouseUnderTest) -> None:
    assert not two_months.check(SILVER, "2013-01")["unique"].passed
    other_month = two_months.check(SILVER, "2013-02")["unique"]
    assert not other_month.passed
    assert other_month.description == "2013-01: keys that appear more than once: 1"
    silver = next(table for table in two_months.blueprint.period_tables if table.table.full_name == SILVER)
    two_months.lakehouse.replace_periods(dg.build_asset_context(), silver, PeriodRange("2013-01", "2013-01"))
    assert two_months.check(SILVER, "2013-01")["unique"].passed
    assert two_months.check(SILVER, "2013-02")["unique"].passed


def test_a_run_for_no_month_in_particular_judges_all(two_months: LakehouseUnderTest) -> None:
    assert two_months.check(SILVER)["unique"].metadata["worst_period"].value == "2013-01"


def test_severities_are_those_declared(two_months: LakehouseUnderTest) -> None:
    silver, bronze = two_months.check(SILVER, "2013-01"), two_months.check(BRONZE)
    severities = {name: check.severity.value for name, check in (silver | bronze).items()}
    assert {name for name, severity in severities.items() if severity == "WARN"} == {
        "volume",
        "fresh_by_observed_at",
        "months_covered",
    }


def test_a_table_that_is_not_there_fails_its_checks_and_not_the_run(weather: LakehouseUnderTest) -> None:
    found = weather.check(SILVER, "2013-01")
    assert found["unique"].description == "silver.weather_readings has never been written: materialise it first"
    assert not any(check.passed for check in found.values())
