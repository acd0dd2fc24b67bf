"""Lakehouses by day and by year: their partitions, their tables, and what their sensors ask for."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from deltalake import DeltaTable

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    LakehouseUnderTest,
    declare,
    lakehouse_of,
    load_defs,
    materialised,
    refusal,
)
from tests.code_locations.databricks_delta.readings import utc
from tests.platform_domains import declared_domains

DEFS = """
type: databricks_delta.components.LakehouseComponent
template_vars_module: platform_runtime.template_variables
attributes:
  demo_mode: "{{ demo_mode }}"
  domain: tides
  partitioning: { granularity: PERIOD, START }
  sources:
    - folder: tides
      files: "*.csv"
      key: [gauge, measured]
      event_time: try_cast(measured AS TIMESTAMP)
      columns: { gauge: Name of the gauge, measured: Time in UTC, centimetres: Height over chart datum }
      bronze: { table: levels, description: As the gauges sent them, checks: [{ type: periods_covered }] }
  tables:
    - table: silver.levels
      sql: levels.sql
      description: Levels in metres
      clustering: [gauge]
      columns:
        gauge: { type: string, description: Name of the gauge, nullable: false }
        metres: { type: double, description: Height in metres }
      checks:
        - { type: unique, columns: [gauge, metres] }
        - { type: volume, history: 2, tolerance: 0.4, severity: warn }
    - table: gold.rises
      sql: rises.sql
      description: How much higher the highest level is than the one before
      reads_days_before: 1
      columns:
        gauge: { type: string, description: Name of the gauge, nullable: false }
        rise_m: { type: double, description: Rise in metres }
"""
LEVELS_SQL = """
SELECT gauge, try_cast(centimetres AS DOUBLE) / 100 AS metres, _PERIOD
FROM bronze.levels WHERE _PERIOD BETWEEN :first_PERIOD AND :last_PERIOD
"""
RISES_SQL = """
SELECT * FROM (
  SELECT gauge, max(metres) - lag(max(metres)) OVER (PARTITION BY gauge ORDER BY _PERIOD) AS rise_m, _PERIOD
  FROM silver.levels GROUP BY gauge, _PERIOD
) AS rises WHERE _PERIOD BETWEEN :first_PERIOD AND :last_PERIOD
"""
LEVELS = b"""gauge,measured,centimetres
north,2024-02-28T23:59:59Z,300
north,2024-02-29T00:00:00Z,350
south,2024-02-29T12:00:00Z,200
north,2024-03-01T00:00:00Z,320
north,soon,320
"""


def declared(folder: Path, granularity: str, start: str) -> Path:
    declaration = DEFS.replace("PERIOD", granularity).replace("START", start)
    sql = {"levels.sql": LEVELS_SQL, "rises.sql": RISES_SQL}
    written = {name: text.replace("PERIOD", granularity) for name, text in sql.items()}
    return declare(folder / "defs", "tides", declaration, written)


@pytest.fixture(autouse=True)
def domain(tmp_path: Path) -> Iterator[None]:
    with declared_domains(tmp_path, "tides"):
        yield


@pytest.fixture
def by_day(tmp_path: Path) -> Iterator[LakehouseUnderTest]:
    folder = declared(tmp_path, "day", 'start: "2024-02-28", end: "2024-03-03"')
    with lakehouse_of("tides", folder) as lakehouse:
        lakehouse.land("levels.csv", LEVELS, utc(2024, 3, 2, 0))
        yield lakehouse


def levels(lakehouse: LakehouseUnderTest, table: str, column: str) -> dict[tuple[str, str], float | None]:
    return {(row["gauge"], row["_day"]): row[column] for row in lakehouse.rows(table)}


def test_a_lakehouse_by_day_has_days_for_partitions_and_a_folder_for_each(by_day: LakehouseUnderTest) -> None:
    result = by_day.run(("bronze.levels", "silver.levels", "gold.rises"), "2024-02-28", "2024-03-02")
    assert levels(by_day, "silver.levels", "metres") == {
        ("north", "2024-02-28"): 3.0,
        ("north", "2024-02-29"): 3.5,
        ("south", "2024-02-29"): 2.0,
        ("north", "2024-03-01"): 3.2,
    }
    assert levels(by_day, "gold.rises", "rise_m") == pytest.approx(
        {
            ("north", "2024-02-28"): None,
            ("north", "2024-02-29"): 0.5,
            ("south", "2024-02-29"): None,
            ("north", "2024-03-01"): -0.3,
        }
    )
    by_partition = materialised(result, by_day.key("silver.levels"))
    assert {day: found["dagster/row_count"] for day, found in by_partition.items()} == {
        "2024-02-28": 1,
        "2024-02-29": 2,
        "2024-03-01": 1,
        "2024-03-02": 0,
    }
    stored = DeltaTable(by_day.paths.lakehouse / "tides_bronze" / "levels")
    assert stored.metadata().partition_columns == ["_day"]
    assert by_day.rows("bronze.levels")[0].keys() >= {"gauge", "measured", "_day"}


def test_a_day_is_replaced_alone_and_its_window_reaches_the_day_before(by_day: LakehouseUnderTest) -> None:
    by_day.run(("bronze.levels", "silver.levels", "gold.rises"), "2024-02-28", "2024-03-02")
    by_day.land("more.csv", b"gauge,measured,centimetres\nsouth,2024-02-29T13:00:00Z,260\n", utc(2024, 3, 2, 1))
    by_day.run(("bronze.levels", "silver.levels"), "2024-02-29", "2024-02-29")
    assert sorted(row["metres"] for row in by_day.rows("silver.levels") if row["_day"] == "2024-02-29") == [
        2.0,
        2.6,
        3.5,
    ]
    versions = [entry["operation"] for entry in by_day.delta("silver.levels").history()]
    assert versions[0] == "WRITE"
    graph = by_day.defs.resolve_asset_graph()
    (mapping,) = graph.get(by_day.key("gold.rises")).partition_mappings.values()
    assert mapping == dg.TimeWindowPartitionMapping(start_offset=-1, allow_nonexistent_upstream_partitions=True)


def asked(request: dg.RunRequest) -> tuple[str, str, set[str]]:
    tags = dict(request.tags)
    tables = {key.path[-1] for key in request.asset_selection or []}
    return tags["dagster/asset_partition_range_start"], tags["dagster/asset_partition_range_end"], tables


def test_the_sensor_asks_for_the_days_that_changed_rows_reach(by_day: LakehouseUnderTest) -> None:
    by_day.run(("bronze.levels",), "2024-02-28", "2024-02-28")
    tick = by_day.tick("tides_days", None)
    (first,) = tick.run_requests or []
    assert asked(first) == ("2024-02-28", "2024-03-01", {"levels", "rises"})
    # What looks a day back is asked for once that run is done.
    by_day.launch(first)
    (second,) = by_day.tick("tides_days", tick.cursor).run_requests or []
    assert asked(second) == ("2024-03-02", "2024-03-02", {"rises"})


def test_a_lakehouse_by_year_has_years_for_partitions(tmp_path: Path) -> None:
    folder = declared(tmp_path, "year", 'start: "2022", end: "2025"')
    specs = {spec.key.path[-1]: spec for spec in load_defs(folder).resolve_all_asset_specs()}
    assert specs["rises"].partitions_def is not None
    assert specs["rises"].partitions_def.get_partition_keys() == ["2022", "2023", "2024"]


@pytest.mark.parametrize(
    ("granularity", "start", "why"),
    [
        ("day", 'start: "2024-02"', "start: '2024-02' is no day: write YYYY-MM-DD"),
        ("day", 'start: "2023-02-29"', "start: '2023-02-29' is no day: write YYYY-MM-DD"),
        ("month", 'start: "2024-02", end: "2024-13"', "end: '2024-13' is no month: write YYYY-MM"),
        ("year", 'start: "2024", end: "2024"', "start 2024 is not before end 2024"),
        ("week", 'start: "2024"', "Input should be 'day', 'month' or 'year'"),
    ],
)
def test_periods_that_cannot_be_are_refused(tmp_path: Path, granularity: str, start: str, why: str) -> None:
    assert why in refusal(declared(tmp_path, granularity, start))
