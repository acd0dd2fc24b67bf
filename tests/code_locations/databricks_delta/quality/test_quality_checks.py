"""Each check on tables that hold what it looks for: rows are planted in the Delta tables, past the pipeline."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.quality.examination import examine_periods, examine_table, worst_period
from databricks_delta.quality.quality_check import PeriodCheck, TableCheck, Verdict
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

QUARTER = ("2013-01", "2013-03")
LANDED = utc(2013, 4, 1, 0)


@pytest.fixture(scope="module")
def quarter_stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four readings in each of three periods, in every table."""
    root = tmp_path_factory.mktemp("quarter")
    with lakehouse_under_test(root, SHIPPED_DEFS) as weather:
        hours = [utc(2013, month, 5, hour) for month in (1, 2, 3) for hour in range(4)]
        weather.land("a.csv.gz", [reading("EWR", hour) for hour in hours], LANDED)
        weather.ingest()
        weather.compute(*QUARTER)
    return root


@pytest.fixture
def quarter(weather: LakehouseUnderTest, quarter_stores: Path) -> LakehouseUnderTest:
    """A copy of those tables for the test to spoil."""
    shutil.copytree(quarter_stores, weather.paths.root)
    return weather


def _verdict(weather: LakehouseUnderTest, table: str, name: str, first: str, last: str) -> Verdict:
    subject, periods = weather.blueprint.subject(table), PeriodRange(first, last)
    check = next(check for check in weather.blueprint.checks[table] if check.check_name == name)
    with weather.lakehouse.reader() as reader:
        if isinstance(check, TableCheck):
            return examine_table(check, subject, reader)
        assert isinstance(check, PeriodCheck)
        return worst_period(check, periods, examine_periods(check, subject, reader, periods))


def _plant(weather: LakehouseUnderTest, table: str, month: str, **changes: Any) -> None:  # noqa: ANN401
    """Add a copy of a month's first row, changed."""
    row = next(row for row in weather.rows(table) if row["_month"] == month)
    schema = pa.schema(weather.delta(table).schema().to_arrow())
    write_deltalake(weather.delta(table), pa.Table.from_pylist([row | changes], schema=schema), mode="append")


@pytest.mark.parametrize("table", [SILVER, REJECTED, DAILY])
def test_sound_tables_pass_but_for_their_age(quarter: LakehouseUnderTest, table: str) -> None:
    verdicts = {c.check_name: _verdict(quarter, table, c.check_name, *QUARTER) for c in quarter.blueprint.checks[table]}
    assert {name for name, verdict in verdicts.items() if not verdict.passed} <= {"fresh_by_observed_at"}
    assert verdicts


def test_a_key_that_appears_twice_fails_and_the_month_is_named(quarter: LakehouseUnderTest) -> None:
    _plant(quarter, SILVER, "2013-02")
    unique = _verdict(quarter, SILVER, "unique", *QUARTER)
    assert not unique.passed
    assert unique.description == "2013-02: keys that appear more than once: 1"
    assert unique.metadata["worst_period"] == "2013-02"


def test_the_worst_of_several_failing_months_is_named(quarter: LakehouseUnderTest) -> None:
    at = utc(2013, 3, 9, 0)
    _plant(quarter, SILVER, "2013-01", humidity_pct=120.0, observed_at=utc(2013, 1, 9, 0))
    _plant(quarter, SILVER, "2013-03", humidity_pct=-1.0, observed_at=at)
    _plant(quarter, SILVER, "2013-03", humidity_pct=101.0, observed_at=at + timedelta(hours=1))
    humidity = _verdict(quarter, SILVER, "humidity_pct_in_range", *QUARTER)
    assert humidity.description == "2013-03: rows outside: 2, the worst of 2 failing periods"
    assert not humidity.passed


def test_a_value_at_the_limit_and_a_missing_one_pass(quarter: LakehouseUnderTest) -> None:
    _plant(quarter, SILVER, "2013-01", humidity_pct=100.0, observed_at=utc(2013, 1, 9, 0))
    _plant(quarter, SILVER, "2013-01", humidity_pct=None, observed_at=utc(2013, 1, 9, 1))
    assert _verdict(quarter, SILVER, "humidity_pct_in_range", *QUARTER).passed


def test_a_missing_value_fails(quarter: LakehouseUnderTest, defs_copy: Path) -> None:
    file = defs_copy / "weather" / "defs.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("not_null, columns: [station, observed_at]", "not_null, columns: [station, temp_c]"))
    _plant(quarter, SILVER, "2013-02", temp_c=None, observed_at=utc(2013, 2, 9, 0))
    changed = quarter.declared_by(defs_copy)
    assert _verdict(changed, SILVER, "not_null", *QUARTER).description == "2013-02: rows without a value: 1"


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        pytest.param(BRONZE, {"time_hour": "2013-02-09T00:00:00Z"}, id="a bronze row that nothing followed"),
        pytest.param(SILVER, {"observed_at": utc(2013, 2, 9, 0)}, id="a silver row from nowhere"),
    ],
)
def test_a_row_too_many_or_too_few_fails(quarter: LakehouseUnderTest, table: str, changes: dict[str, object]) -> None:
    assert _verdict(quarter, SILVER, "rows_conserved", *QUARTER).passed
    _plant(quarter, table, "2013-02", **changes)
    conserved = _verdict(quarter, SILVER, "rows_conserved", *QUARTER)
    assert not conserved.passed
    assert conserved.description == "2013-02: rows too many or too few: 1"


def test_rejected_and_superseded_rows_are_accounted_for(quarter: LakehouseUnderTest) -> None:
    at = utc(2013, 2, 5, 0)
    corrections = [reading("EWR", at, temp="60"), reading("EWR", at, temp="hot"), reading("EWR", "never")]
    quarter.land("b.csv.gz", corrections, LANDED + timedelta(days=1))
    quarter.ingest()
    quarter.compute("2013-02", "2013-02")
    assert (len(quarter.rows(BRONZE)), len(quarter.rows(SILVER)), len(quarter.rows(REJECTED))) == (15, 12, 2)
    assert _verdict(quarter, SILVER, "rows_conserved", *QUARTER).passed


def test_a_lost_rejected_row_without_a_month_fails_as_unreadable(quarter: LakehouseUnderTest) -> None:
    quarter.land("b.csv.gz", [reading("EWR", "never")], LANDED)
    quarter.ingest()
    conserved = _verdict(quarter, SILVER, "rows_conserved", "2013-01", "2013-01")
    assert conserved.description == "unreadable: rows too many or too few: 1"


def test_an_unusual_number_of_rows_warns(quarter: LakehouseUnderTest) -> None:
    for hour in range(2):
        _plant(quarter, SILVER, "2013-03", observed_at=utc(2013, 3, 9, hour))
    volume = _verdict(quarter, SILVER, "volume", *QUARTER)
    assert not volume.passed
    assert volume.description == "2013-03: rows are 50% off the periods before"


def test_a_month_without_any_row_warns_and_one_without_history_does_not(quarter: LakehouseUnderTest) -> None:
    assert _verdict(quarter, SILVER, "volume", "2013-01", "2013-01").passed
    assert (
        _verdict(quarter, SILVER, "volume", "2013-04", "2013-04").description
        == "2013-04: rows are 100% off the periods before"
    )


def test_freshness_is_judged_by_the_newest_time(quarter: LakehouseUnderTest) -> None:
    assert not _verdict(quarter, SILVER, "fresh_by_observed_at", *QUARTER).passed
    _plant(quarter, SILVER, "2013-03", observed_at=datetime.now(UTC) - timedelta(days=39))
    assert _verdict(quarter, SILVER, "fresh_by_observed_at", *QUARTER).passed


def test_freshness_of_the_load_is_judged_by_the_time_of_loading(quarter: LakehouseUnderTest) -> None:
    assert _verdict(quarter, BRONZE, "fresh_by_ingested_at", *QUARTER).passed
    assert not _verdict(quarter, BRONZE, "fresh_by_ingested_at", *QUARTER).metadata["age_days"] > 1


def test_months_that_are_no_partition_are_named(quarter: LakehouseUnderTest) -> None:
    quarter.land("b.csv.gz", [reading("EWR", utc(2014, 2, 1, 0)), reading("EWR", "never")], LANDED)
    quarter.ingest()
    covered = _verdict(quarter, BRONZE, "months_covered", *QUARTER)
    assert not covered.passed
    assert covered.description == "Not a partition: 2014-02 (1 rows); widen partitioning in defs.yaml"
