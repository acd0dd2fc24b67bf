"""Each check on tables that hold what it looks for: rows are planted in the Delta tables, past the pipeline."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    BRONZE,
    DAILY,
    REJECTED,
    SHIPPED_DEFS,
    SILVER,
    LakehouseUnderTest,
    lakehouse_under_test,
)
from tests.code_locations.databricks_delta.readings import reading, utc

MONTHS = ("2013-01", "2013-02", "2013-03")
LANDED = utc(2013, 4, 1, 0)


@pytest.fixture(scope="module")
def quarter_stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four readings in each of three months, in every table."""
    root = tmp_path_factory.mktemp("quarter")
    with lakehouse_under_test(root, SHIPPED_DEFS) as weather:
        hours = [utc(2013, month, 5, hour) for month in (1, 2, 3) for hour in range(4)]
        weather.land("a.csv.gz", [reading("EWR", hour) for hour in hours], LANDED)
        weather.ingest()
        weather.compute(*MONTHS[::2])
    return root


@pytest.fixture
def quarter(weather: LakehouseUnderTest, quarter_stores: Path) -> LakehouseUnderTest:
    """A copy of those tables for the test to spoil."""
    shutil.copytree(quarter_stores, weather.paths.root)
    return weather


def _plant(weather: LakehouseUnderTest, table: str, month: str, **changes: Any) -> None:  # noqa: ANN401
    """Add a copy of a month's first row, changed."""
    row = next(row for row in weather.rows(table) if row["_month"] == month)
    schema = pa.schema(weather.delta(table).schema().to_arrow())
    write_deltalake(weather.delta(table), pa.Table.from_pylist([row | changes], schema=schema), mode="append")


def test_sound_tables_pass(quarter: LakehouseUnderTest) -> None:
    checked = {table: quarter.check(table, *MONTHS) for table in (SILVER, REJECTED, DAILY)}
    failed = [name for found in checked.values() for name, check in found.items() if not check.passed]
    assert failed == ["fresh_by_observed_at"]
    assert {table: len(found) for table, found in checked.items()} == {SILVER: 8, REJECTED: 1, DAILY: 3}


def test_a_key_that_appears_twice_fails_and_the_month_is_named(quarter: LakehouseUnderTest) -> None:
    _plant(quarter, SILVER, "2013-02")
    unique = quarter.check(SILVER, *MONTHS)["unique"]
    assert not unique.passed
    assert unique.description == "2013-02: keys that appear more than once: 1"
    assert unique.metadata["worst_month"].value == "2013-02"


def test_the_worst_of_several_failing_months_is_named(quarter: LakehouseUnderTest) -> None:
    at = utc(2013, 3, 9, 0)
    _plant(quarter, SILVER, "2013-01", humidity_pct=120.0, observed_at=utc(2013, 1, 9, 0))
    _plant(quarter, SILVER, "2013-03", humidity_pct=-1.0, observed_at=at)
    _plant(quarter, SILVER, "2013-03", humidity_pct=101.0, observed_at=at + timedelta(hours=1))
    humidity = quarter.check(SILVER, *MONTHS)["humidity_pct_in_range"]
    assert humidity.description == "2013-03: rows outside: 2, the worst of 2 failing months"
    assert not humidity.passed


def test_a_value_at_the_limit_and_a_missing_one_pass(quarter: LakehouseUnderTest) -> None:
    _plant(quarter, SILVER, "2013-01", humidity_pct=100.0, observed_at=utc(2013, 1, 9, 0))
    _plant(quarter, SILVER, "2013-01", humidity_pct=None, observed_at=utc(2013, 1, 9, 1))
    assert quarter.check(SILVER, *MONTHS)["humidity_pct_in_range"].passed


def test_a_missing_value_fails(quarter: LakehouseUnderTest, defs_copy: Path) -> None:
    file = defs_copy / "weather" / "defs.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("not_null, columns: [station, observed_at]", "not_null, columns: [station, temp_c]"))
    _plant(quarter, SILVER, "2013-02", temp_c=None, observed_at=utc(2013, 2, 9, 0))
    changed = quarter.declared_by(defs_copy)
    assert changed.check(SILVER, *MONTHS)["not_null"].description == "2013-02: rows without a value: 1"


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        pytest.param(BRONZE, {"time_hour": "2013-02-09T00:00:00Z"}, id="a bronze row that nothing followed"),
        pytest.param(SILVER, {"observed_at": utc(2013, 2, 9, 0)}, id="a silver row from nowhere"),
    ],
)
def test_a_row_too_many_or_too_few_fails(quarter: LakehouseUnderTest, table: str, changes: dict[str, object]) -> None:
    assert quarter.check(SILVER, *MONTHS)["rows_conserved"].passed
    _plant(quarter, table, "2013-02", **changes)
    conserved = quarter.check(SILVER, *MONTHS)["rows_conserved"]
    assert not conserved.passed
    assert conserved.description == "2013-02: rows too many or too few: 1"


def test_rejected_and_superseded_rows_are_accounted_for(quarter: LakehouseUnderTest) -> None:
    at = utc(2013, 2, 5, 0)
    corrections = [reading("EWR", at, temp="60"), reading("EWR", at, temp="hot"), reading("EWR", "never")]
    quarter.land("b.csv.gz", corrections, LANDED + timedelta(days=1))
    quarter.ingest()
    quarter.compute("2013-02", "2013-02")
    assert (len(quarter.rows(BRONZE)), len(quarter.rows(SILVER)), len(quarter.rows(REJECTED))) == (15, 12, 2)
    assert quarter.check(SILVER, *MONTHS)["rows_conserved"].passed


def test_a_lost_rejected_row_without_a_month_fails_as_unreadable(quarter: LakehouseUnderTest) -> None:
    quarter.land("b.csv.gz", [reading("EWR", "never")], LANDED)
    quarter.ingest()
    conserved = quarter.check(SILVER, "2013-01")["rows_conserved"]
    assert conserved.description == "unreadable: rows too many or too few: 1"


def test_an_unusual_number_of_rows_warns(quarter: LakehouseUnderTest) -> None:
    for hour in range(2):
        _plant(quarter, SILVER, "2013-03", observed_at=utc(2013, 3, 9, hour))
    volume = quarter.check(SILVER, *MONTHS)["volume"]
    assert (volume.passed, volume.severity.value) == (False, "WARN")
    assert volume.description == "2013-03: rows are 50% off the months before"


def test_a_month_without_any_row_warns_and_one_without_history_does_not(quarter: LakehouseUnderTest) -> None:
    assert quarter.check(SILVER, "2013-01")["volume"].passed
    assert quarter.check(SILVER, "2013-04")["volume"].description == "2013-04: rows are 100% off the months before"


def test_freshness_is_judged_by_the_newest_time(quarter: LakehouseUnderTest) -> None:
    old = quarter.check(SILVER, *MONTHS)["fresh_by_observed_at"]
    assert (old.passed, old.severity.value) == (False, "WARN")
    _plant(quarter, SILVER, "2013-03", observed_at=datetime.now(UTC) - timedelta(days=39))
    assert quarter.check(SILVER, *MONTHS)["fresh_by_observed_at"].passed


def test_freshness_of_the_load_is_an_error_when_it_fails(quarter: LakehouseUnderTest) -> None:
    loaded = quarter.check(BRONZE)["fresh_by_ingested_at"]
    assert (loaded.passed, loaded.severity.value) == (True, "ERROR")


def test_months_that_are_no_partition_are_named(quarter: LakehouseUnderTest) -> None:
    quarter.land("b.csv.gz", [reading("EWR", utc(2014, 2, 1, 0)), reading("EWR", "never")], LANDED)
    quarter.ingest()
    covered = quarter.check(BRONZE)["months_covered"]
    assert not covered.passed
    assert covered.description == "Not a partition: 2014-02 (1 rows); widen partitioning in defs.yaml"


def test_a_failing_month_stays_in_sight_until_it_is_judged_again(quarter: LakehouseUnderTest) -> None:
    _plant(quarter, SILVER, "2013-02")
    assert not quarter.check(SILVER, "2013-02")["unique"].passed
    other_month = quarter.check(SILVER, "2013-03")["unique"]
    assert not other_month.passed
    assert other_month.metadata["worst_month"].value == "2013-02"
    quarter.compute("2013-02", "2013-02")
    assert quarter.check(SILVER, "2013-02")["unique"].passed
    assert quarter.check(SILVER, "2013-03")["unique"].passed


def test_checks_of_a_run_for_no_month_look_at_all(quarter: LakehouseUnderTest) -> None:
    _plant(quarter, SILVER, "2013-02")
    assert quarter.check(SILVER)["unique"].metadata["worst_month"].value == "2013-02"


def test_a_table_that_is_not_there_fails_the_check_and_not_the_run(weather: LakehouseUnderTest) -> None:
    found = weather.check(SILVER, "2013-01")
    assert found["unique"].description == "silver.weather_readings has never been written: materialise it first"
    assert not any(check.passed for check in found.values())
