"""A second lakehouse is a second `defs.yaml` with its SQL, and no Python."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from deltalake import DeltaTable

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    ABOVE_BRONZE,
    BRONZE,
    DAILY,
    SILVER,
    LakehouseUnderTest,
    declare,
    evaluations,
    lakehouse_of,
    load_defs,
    materialised,
    refusal,
)
from tests.code_locations.databricks_delta.readings import reading, utc
from tests.platform_domains import declared_domains

DEFS = """
type: databricks_delta.components.LakehouseComponent
template_vars_module: platform_runtime.template_variables
attributes:
  demo_mode: "{{ demo_mode }}"
  domain: tides
  partitioning: { granularity: month, start: "2024-05" }
  sources:
    - folder: tides
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
def two_lakehouses(defs_copy: Path, tmp_path: Path) -> Iterator[Path]:
    with declared_domains(tmp_path, "tides"):
        yield declare(defs_copy, "tides", DEFS, {"highest_tides.sql": SQL})


@pytest.fixture
def tides(two_lakehouses: Path) -> Iterator[LakehouseUnderTest]:
    with lakehouse_of("tides", two_lakehouses) as lakehouse:
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
    assert DeltaTable.is_deltatable(str(tides.paths.lakehouse / "tides_gold" / "highest_tides"))


@pytest.fixture
def copied(defs_copy: Path, tmp_path: Path) -> Iterator[LakehouseUnderTest]:
    """The shipped lakehouse, and the same once more under a domain of its own, which publishes nothing."""
    copy = shutil.copytree(defs_copy / "weather", defs_copy / "harbour")
    text = (copy / "defs.yaml").read_text(encoding="utf-8")
    text = text.replace("domain: weather", "domain: harbour").replace("folder: weather", "folder: harbour")
    text = text.replace("      publish: flights\n", "")
    (copy / "defs.yaml").write_text(text, encoding="utf-8")
    with declared_domains(tmp_path, "harbour"), lakehouse_of("weather", defs_copy) as lakehouse:
        yield lakehouse


def test_a_copy_under_another_domain_leaves_the_tables_that_are_there(copied: LakehouseUnderTest) -> None:
    days = [reading("JFK", utc(2013, 1, day, 5)) for day in (1, 2, 3)]
    copied.land("weather_2013_01.csv.gz", days, utc(2013, 2, 1, 0))
    copied.run((BRONZE, *ABOVE_BRONZE), "2013-01", "2013-01")
    harbour = copied.of_domain("harbour")
    harbour.land("harbour_2013_01.csv.gz", days[:1], utc(2013, 2, 1, 0))
    harbour.run((BRONZE, *ABOVE_BRONZE), "2013-01", "2013-01")
    assert {name: (len(copied.rows(name)), len(harbour.rows(name))) for name in (BRONZE, SILVER, DAILY)} == {
        BRONZE: (3, 1),
        SILVER: (3, 1),
        DAILY: (3, 1),
    }


@pytest.mark.parametrize(
    ("replaced", "claimed"),
    [
        pytest.param({}, "table weather/bronze/weather_readings", id="all of it"),
        pytest.param({"domain: weather": "domain: harbour"}, "landing folder weather", id="landing folder"),
    ],
)
def test_two_claims_on_one_thing_are_refused_naming_both_files(
    defs_copy: Path, tmp_path: Path, replaced: dict[str, str], claimed: str
) -> None:
    copy = shutil.copytree(defs_copy / "weather", defs_copy / "copy")
    text = (copy / "defs.yaml").read_text(encoding="utf-8")
    for old, new in replaced.items():
        text = text.replace(old, new)
    (copy / "defs.yaml").write_text(text, encoding="utf-8")
    with declared_domains(tmp_path, "harbour"):
        said = refusal(defs_copy)
    assert claimed in said
    assert str(defs_copy / "weather" / "defs.yaml") in said
    assert str(copy / "defs.yaml") in said


@pytest.mark.parametrize(
    ("domain", "why"),
    [
        pytest.param("ebb", r"defs\.yaml: domain: unknown domain 'ebb'.*\[domains\.ebb\]", id="not declared"),
        pytest.param("shop", r"defs\.yaml: domain: shop is built in snowflake", id="of another engine"),
        pytest.param("harbour", r"sources: folder 'tides' is no folder of the domain", id="another's landing folder"),
    ],
)
def test_a_domain_that_has_no_place_for_it_is_refused(two_lakehouses: Path, domain: str, why: str) -> None:
    file = two_lakehouses / "tides" / "defs.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("domain: tides", f"domain: {domain}"), encoding="utf-8")
    with declared_domains(file.parent, "harbour"):
        assert re.search(why, refusal(two_lakehouses))
