"""The shipped year, whole tables, against what plain Python makes of the files."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from tests.code_locations.databricks_delta import expected
from tests.code_locations.databricks_delta.lakehouse_under_test import ANOMALIES, BRONZE, DAILY, REJECTED, SILVER
from tests.code_locations.databricks_delta.readings import COLUMNS, Reading
from tests.code_locations.databricks_delta.shipped_year import ShippedYear

pytestmark = pytest.mark.slow

_CLOSE = 1e-9


def _same(row: dict[str, Any], wanted: Mapping[str, float | None]) -> bool:
    return all(_close(row[name], value) for name, value in wanted.items())


def _close(actual: float | None, wanted: float | None) -> bool:
    if actual is None or wanted is None:
        return actual is wanted
    return math.isclose(actual, wanted, rel_tol=_CLOSE, abs_tol=_CLOSE)


def test_bronze_holds_every_row_of_every_file_as_it_came(shipped_year: ShippedYear, readings: list[Reading]) -> None:
    rows = shipped_year.tables[BRONZE]
    assert len(rows) == 26_115
    kept = sorted(tuple(row[column] for column in COLUMNS) for row in rows)
    assert kept == sorted(tuple(reading[column] for column in COLUMNS) for reading in readings)
    assert {row["_source_file"] for row in rows} == {f"weather_2013_{month:02}.csv.gz" for month in range(1, 13)}
    assert all(row["_month"] == row["time_hour"][:7] for row in rows)


def test_silver_is_the_accepted_readings_in_si_units(shipped_year: ShippedYear, readings: list[Reading]) -> None:
    wanted = expected.silver(readings)
    rows = {(row["station"], row["observed_at"]): row for row in shipped_year.tables[SILVER]}
    assert len(shipped_year.tables[SILVER]) == len(rows) == 26_114
    assert rows.keys() == wanted.keys()
    assert [key for key, row in rows.items() if not _same(row, wanted[key])] == []


def test_the_sensor_fault_alone_is_rejected_and_kept_whole(shipped_year: ShippedYear, readings: list[Reading]) -> None:
    (row,) = shipped_year.tables[REJECTED]
    (wanted,) = expected.rejected(readings)
    assert {column: row[column] for column in COLUMNS} == wanted
    assert row["_rejection_reason"] == "wind_speed 1048.36058 mph: above 113 m/s"
    assert row["_source_file"] == "weather_2013_02.csv.gz"


def test_daily_summary_is_a_row_for_each_station_and_utc_day(
    shipped_year: ShippedYear, readings: list[Reading]
) -> None:
    wanted = expected.daily(expected.silver(readings))
    rows = {(row["station"], row["day"]): row for row in shipped_year.tables[DAILY]}
    assert len(shipped_year.tables[DAILY]) == len(rows) == 1_092
    assert rows.keys() == wanted.keys()
    assert [key for key, row in rows.items() if not _same(row, wanted[key])] == []


def test_anomalies_are_those_of_the_30_days_before(shipped_year: ShippedYear, readings: list[Reading]) -> None:
    wanted = expected.anomalies(expected.silver(readings))
    rows = {(row["station"], row["observed_at"]): row for row in shipped_year.tables[ANOMALIES]}
    assert len(shipped_year.tables[ANOMALIES]) == len(rows) == len(wanted) > 0
    assert rows.keys() == wanted.keys()
    assert [key for key, row in rows.items() if not _same(row, wanted[key])] == []


@pytest.mark.parametrize(
    ("table", "period_of"),
    [(SILVER, "observed_at"), (ANOMALIES, "observed_at"), (DAILY, "day")],
)
def test_the_partition_is_the_utc_month(shipped_year: ShippedYear, table: str, period_of: str) -> None:
    assert all(row["_month"] == f"{row[period_of]:%Y-%m}" for row in shipped_year.tables[table])


def test_columns_are_the_agreed_ones(shipped_year: ShippedYear) -> None:
    provenance = ["_source_file", "_source_sha256", "_source_modified_at", "_ingested_at"]
    columns = {table: list(rows[0]) for table, rows in shipped_year.tables.items()}
    assert columns == {
        BRONZE: [*COLUMNS, *provenance, "_month"],
        SILVER: [
            *("station", "observed_at", "temp_c", "dew_point_c", "humidity_pct", "wind_dir_deg", "wind_speed_ms"),
            *("wind_gust_ms", "precip_mm", "pressure_hpa", "visibility_km", "_month"),
        ],
        REJECTED: [*COLUMNS, *provenance, "_rejection_reason", "_month"],
        DAILY: [
            *("station", "day", "readings", "mean_temp_c", "min_temp_c", "max_temp_c", "total_precip_mm"),
            *("max_wind_speed_ms", "mean_pressure_hpa", "completeness", "_month"),
        ],
        ANOMALIES: [
            *("station", "observed_at", "temp_c", "expected_temp_c", "standard_deviation", "deviation_sigmas"),
            "_month",
        ],
    }


def test_every_check_passes_but_the_one_on_the_age_of_the_readings(shipped_year: ShippedYear) -> None:
    failed = {name: found.severity.value for name, found in shipped_year.checks.items() if not found.passed}
    assert failed == {"silver.weather_readings:fresh_by_observed_at": "WARN"}
    assert len(shipped_year.checks) == 17


def test_materialisations_count_their_rows(shipped_year: ShippedYear) -> None:
    silver = shipped_year.metadata[SILVER]
    assert sum(month["dagster/row_count"] for month in silver.values()) == 26_114
    assert sum(month["rows_in"] for month in silver.values()) == 26_115
    assert {month: found["rows_rejected"] for month, found in silver.items() if found["rows_rejected"]} == {
        "2013-02": 1
    }
    assert {found["rows_superseded"] for found in silver.values()} == {0}
    assert shipped_year.metadata[BRONZE][None]["dagster/row_count"] == 26_115
    assert sum(month["dagster/row_count"] for month in shipped_year.metadata[DAILY].values()) == 1_092


def test_a_second_run_adds_nothing(shipped_year: ShippedYear) -> None:
    assert shipped_year.counts_after_second_run == {table: len(rows) for table, rows in shipped_year.tables.items()}
    assert shipped_year.bronze_after_second_run["rows_in"] == 0
    assert shipped_year.bronze_after_second_run["files_known"] == 12
