"""A second lakehouse is a second `defs.yaml` with its SQL, and no Python."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    LakehouseUnderTest,
    evaluations,
    lakehouse_under_test,
    load_defs,
    materialised,
)
from tests.code_locations.databricks_delta.readings import utc

DEFS = """
type: databricks_delta.components.LakehouseComponent
template_vars_module: platform_runtime.template_variables
attributes:
  demo_mode: "{{ demo_mode }}"
  domain: tides
  partitioning: { start: "2024-05" }
  source:
    folder: tides
    files: "*.csv"
    key: [gauge, measured]
    event_time: try_cast(measured AS TIMESTAMP)
    columns: { gauge: Name of the gauge, measured: Time in UTC, centimetres: Height over chart datum }
  bronze: { table: tide_levels, description: As the gauges sent them }
  tables:
    - table: gold.highest_tides
      sql: highest_tides.sql
      description: The highest level of each gauge and month
      columns:
        gauge: { type: string, description: Name of the gauge, nullable: false }
        highest_m: { type: double, description: Highest level in metres }
      checks:
        - { type: unique, columns: [gauge] }
        - { type: accepted_range, column: highest_m, max: 12 }
"""
SQL = """
SELECT gauge, max(try_cast(centimetres AS DOUBLE)) / 100 AS highest_m, _month
FROM bronze.tide_levels
WHERE _month BETWEEN :first_month AND :last_month
GROUP BY gauge, _month
"""
LEVELS = b"""gauge,measured,centimetres
north,2024-05-01T00:00:00Z,310
north,2024-05-01T06:00:00Z,450
south,2024-05-01T00:00:00Z,1300
south,2024-06-01T00:00:00Z,290
"""


@pytest.fixture
def two_lakehouses(defs_copy: Path) -> Path:
    (defs_copy / "tides").mkdir()
    (defs_copy / "tides" / "defs.yaml").write_text(DEFS, encoding="utf-8")
    (defs_copy / "tides" / "highest_tides.sql").write_text(SQL, encoding="utf-8")
    return defs_copy


@pytest.fixture
def tides(two_lakehouses: Path) -> Iterator[LakehouseUnderTest]:
    with lakehouse_under_test(Path(os.environ["PLATFORM_LOCAL_ROOT"]), two_lakehouses) as lakehouse:
        lakehouse.domain = "tides"
        yield lakehouse


def test_both_stand_side_by_side(two_lakehouses: Path) -> None:
    defs = load_defs(two_lakehouses)
    keys = {spec.key.path[0] for spec in defs.resolve_all_asset_specs()}
    assert keys == {"weather", "tides"}
    assert (defs.resources or {}).keys() == {"weather_lakehouse", "tides_lakehouse"}
    assert {sensor.name for sensor in defs.sensors or []} >= {"tides_landing", "tides_months", "weather_landing"}


def test_its_files_become_its_tables(tides: LakehouseUnderTest) -> None:
    tides.land("may.csv", LEVELS, utc(2024, 6, 2, 0))
    result = tides.run(("bronze.tide_levels", "gold.highest_tides"), "2024-05", "2024-06")
    highest = {(row["gauge"], row["_month"]): row["highest_m"] for row in tides.rows("gold.highest_tides")}
    assert highest == {("north", "2024-05"): 4.5, ("south", "2024-05"): 13.0, ("south", "2024-06"): 2.9}
    found = materialised(result, tides.key("gold.highest_tides"))
    assert {month: metadata["dagster/row_count"] for month, metadata in found.items()} == {"2024-05": 2, "2024-06": 1}
    failed = {name: check.description for name, check in evaluations(result).items() if not check.passed}
    assert failed == {"gold.highest_tides:highest_m_in_range": "2024-05: rows outside: 1"}
