"""A lakehouse of several sources: each has its own files, bronze table, sensor and rejected rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    LakehouseUnderTest,
    declare,
    evaluations,
    lakehouse_of,
    refusal,
)
from tests.code_locations.databricks_delta.readings import utc
from tests.platform_domains import declared_domains

DEFS = """
type: databricks_delta.components.LakehouseComponent
template_vars_module: platform_runtime.template_variables
attributes:
  demo_mode: "{{ demo_mode }}"
  domain: sea
  partitioning: { granularity: day, start: "2024-02-28", end: "2024-03-02" }
  sources:
    - folder: sea/levels
      files: "*.csv"
      key: [gauge, measured]
      event_time: try_cast(measured AS TIMESTAMP)
      columns: { gauge: Name of the gauge, measured: Time in UTC, centimetres: Height over chart datum }
      bronze: { table: levels, description: As the gauges sent them }
    - folder: sea/waves
      files: "*.csv"
      key: [buoy, seen]
      event_time: try_cast(seen AS TIMESTAMP)
      columns: { buoy: Name of the buoy, seen: Time in UTC, metres: Height }
      bronze: { table: waves, description: As the buoys sent them }
  tables:
    - table: silver.waves
      sql: waves.sql
      description: Waves
      columns:
        buoy: { type: string, description: Name of the buoy, nullable: false }
        metres: { type: double, description: Height in metres }
      checks: [{ type: row_conservation }]
    - table: silver.waves_rejected
      sql: waves_rejected.sql
      rejects_of: silver.waves
      description: What is no wave
    - table: gold.days
      sql: days.sql
      description: The highest level and wave of each day
      columns:
        level_cm: { type: double, description: Highest level in centimetres }
        wave_m: { type: double, description: Highest wave in metres }
"""
SQL = {
    "waves.sql": """
        SELECT buoy, try_cast(metres AS DOUBLE) AS metres, _day FROM bronze.waves
        WHERE _day BETWEEN :first_day AND :last_day AND try_cast(metres AS DOUBLE) IS NOT NULL
    """,
    "waves_rejected.sql": """
        SELECT *, 'no height' AS _rejection_reason FROM bronze.waves
        WHERE _day BETWEEN :first_day AND :last_day AND try_cast(metres AS DOUBLE) IS NULL
    """,
    "days.sql": """
        SELECT l.level_cm, w.wave_m, l._day FROM (
          SELECT max(try_cast(centimetres AS DOUBLE)) AS level_cm, _day FROM bronze.levels GROUP BY _day
        ) AS l LEFT JOIN (SELECT max(metres) AS wave_m, _day FROM silver.waves GROUP BY _day) AS w ON w._day = l._day
        WHERE l._day BETWEEN :first_day AND :last_day
    """,
}
LEVELS = b"gauge,measured,centimetres\nnorth,2024-02-29T01:00:00Z,300\nnorth,2024-03-01T01:00:00Z,310\n"
WAVES = b"buoy,seen,metres\nwest,2024-02-29T02:00:00Z,4.5\nwest,2024-02-29T03:00:00Z,high\n"
TABLES = ("bronze.levels", "bronze.waves", "silver.waves", "silver.waves_rejected", "gold.days")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with declared_domains(tmp_path, "sea"):
        yield declare(tmp_path / "defs", "sea", DEFS, SQL)


@pytest.fixture
def sea(folder: Path) -> Iterator[LakehouseUnderTest]:
    with lakehouse_of("sea", folder) as lakehouse:
        lakehouse.land("levels/a.csv", LEVELS, utc(2024, 3, 1, 2))
        lakehouse.land("waves/a.csv", WAVES, utc(2024, 3, 1, 2))
        yield lakehouse


def test_each_source_has_its_own_bronze_table_and_its_own_rejected_rows(sea: LakehouseUnderTest) -> None:
    result = sea.run(TABLES, "2024-02-28", "2024-03-01")
    assert {row["gauge"] for row in sea.rows("bronze.levels")} == {"north"}
    assert [row["metres"] for row in sea.rows("bronze.waves")] == ["4.5", "high"]
    (rejected,) = sea.rows("silver.waves_rejected")
    assert (rejected["buoy"], rejected["metres"], rejected["_rejection_reason"]) == ("west", "high", "no height")
    assert evaluations(result)["silver.waves:rows_conserved"].passed
    days = sorted(sea.rows("gold.days"), key=lambda row: row["_day"])
    assert [(row["level_cm"], row["wave_m"], row["_day"]) for row in days] == [
        (300.0, 4.5, "2024-02-29"),
        (310.0, None, "2024-03-01"),
    ]


def test_each_source_is_watched_for_itself(sea: LakehouseUnderTest) -> None:
    names = {sensor.name for sensor in sea.defs.sensors or []}
    assert names == {"sea_levels_landing", "sea_waves_landing", "sea_days"}
    (request,) = sea.tick("sea_waves_landing", None).run_requests or []
    assert [key.path[-1] for key in request.asset_selection or []] == ["waves"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param("folder: sea/waves", "folder: sea", "folder sea is claimed already", id="enclosing folder"),
        pytest.param("{ table: waves, desc", "{ table: levels, desc", "bronze.levels is declared twice", id="table"),
        pytest.param("folder: sea/waves", "folder: seas/waves", "folder 'seas/waves' is no folder", id="elsewhere"),
        pytest.param(
            "sql: waves_rejected.sql",
            "sql: days.sql",
            "rejected rows are those of one bronze table, which its SELECT reads: let it read exactly one",
            id="rejected rows of two tables",
        ),
    ],
)
def test_sources_that_meet_are_refused(folder: Path, old: str, new: str, why: str) -> None:
    file = folder / "sea" / "defs.yaml"
    assert old in DEFS
    file.write_text(DEFS.replace(old, new), encoding="utf-8")
    (folder / "sea" / "days.sql").write_text(
        "SELECT l.*, w.* FROM bronze.levels AS l JOIN bronze.waves AS w ON true"
        if "days.sql" in new
        else SQL["days.sql"],
        encoding="utf-8",
    )
    assert why in refusal(folder)
