"""Tables without a period: replaced whole, or kept with every version, and written only when they change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    LakehouseUnderTest,
    declare,
    evaluations,
    lakehouse_of,
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
  domain: sea
  partitioning: { granularity: day, start: "2024-02-28", end: "2024-03-02" }
  sources:
    - folder: sea/levels
      files: "*.csv"
      key: [gauge, measured]
      event_time: try_cast(measured AS TIMESTAMP)
      columns: { gauge: Code of the gauge, measured: Time in UTC, centimetres: Height over chart datum }
      bronze: { table: levels, description: As the gauges sent them }
    - folder: sea/gauges
      files: "*.csv"
      key: [code]
      columns: { code: Code of the gauge, name: Its name, datum_cm: Chart datum in centimetres }
      bronze: { table: gauges, description: As they were listed }
  tables:
    - table: silver.gauges
      sql: gauges.sql
      dimension: replaced
      description: Gauges as they are now
      columns:
        code: { type: string, description: Code of the gauge, nullable: false }
        name: { type: string, description: Its name }
        datum_cm: { type: double, description: Chart datum in centimetres }
      checks:
        - { type: unique, columns: [code] }
        - { type: accepted_range, column: datum_cm, max: 100 }
    - table: silver.gauges_ever
      sql: gauges.sql
      dimension: versions
      description: Gauges as they were and are
      clustering: [code]
      columns:
        code: { type: string, description: Code of the gauge, nullable: false }
        name: { type: string, description: Its name }
        datum_cm: { type: double, description: Chart datum in centimetres }
      checks: [{ type: unique, columns: [code] }]
    - table: gold.levels
      sql: levels.sql
      description: Levels under the names of their gauges
      columns:
        name: { type: string, description: Name of the gauge }
        centimetres: { type: double, description: Height over sea level }
"""
SQL = {
    # The latest file is the list: what it does not name is no more.
    "gauges.sql": """
        SELECT code, name, try_cast(datum_cm AS DOUBLE) AS datum_cm FROM bronze.gauges
        WHERE _source_modified_at = (SELECT max(_source_modified_at) FROM bronze.gauges)
    """,
    "levels.sql": """
        SELECT g.name, try_cast(l.centimetres AS DOUBLE) + g.datum_cm AS centimetres, l._day
        FROM bronze.levels AS l JOIN silver.gauges AS g ON g.code = l.gauge
        WHERE l._day BETWEEN :first_day AND :last_day
    """,
}
LEVELS = b"gauge,measured,centimetres\nn,2024-02-29T01:00:00Z,300\ns,2024-03-01T01:00:00Z,310\n"
FIRST = b"code,name,datum_cm\nn,North,10\ns,South,20\n"
SECOND = b"code,name,datum_cm\nn,Northern,10\ne,East,\n"
DIMENSIONS = ("silver.gauges", "silver.gauges_ever")
TABLES = ("bronze.levels", "bronze.gauges", *DIMENSIONS, "gold.levels")
DAYS = ("2024-02-28", "2024-03-01")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with declared_domains(tmp_path, "sea"):
        yield declare(tmp_path / "defs", "sea", DEFS, SQL)


@pytest.fixture
def sea(folder: Path) -> Iterator[LakehouseUnderTest]:
    with lakehouse_of("sea", folder) as lakehouse:
        lakehouse.land("levels/a.csv", LEVELS, utc(2024, 3, 1, 2))
        lakehouse.land("gauges/a.csv", FIRST, utc(2024, 3, 1, 2))
        yield lakehouse


def versions(sea: LakehouseUnderTest) -> list[tuple[Any, ...]]:
    """Code, name and whether the version holds, of each."""
    rows = sea.rows("silver.gauges_ever")
    assert all(row["valid_to"] is None or row["valid_from"] < row["valid_to"] for row in rows)
    return sorted((row["code"], row["name"], row["valid_to"] is None) for row in rows)


def test_one_is_replaced_whole_and_the_other_keeps_what_held_before(sea: LakehouseUnderTest) -> None:
    sea.run(TABLES, *DAYS)
    assert versions(sea) == [("n", "North", True), ("s", "South", True)]
    assert sorted((row["name"], row["centimetres"]) for row in sea.rows("gold.levels")) == [
        ("North", 310.0),
        ("South", 330.0),
    ]

    sea.land("gauges/b.csv", SECOND, utc(2024, 3, 1, 3))
    sea.run(("bronze.gauges", *DIMENSIONS), *DAYS)
    assert sorted((row["code"], row["name"], row["datum_cm"]) for row in sea.rows("silver.gauges")) == [
        ("e", "East", None),
        ("n", "Northern", 10.0),
    ]
    assert versions(sea) == [("e", "East", True), ("n", "North", False), ("n", "Northern", True), ("s", "South", False)]
    # What ceased to hold did so when what holds now began to.
    (moment,) = {row["valid_from"] for row in sea.rows("silver.gauges_ever") if row["valid_to"] is None}
    assert {row["valid_to"] for row in sea.rows("silver.gauges_ever") if row["valid_to"]} == {moment}


def test_a_dimension_that_holds_already_what_its_select_gives_is_not_written(sea: LakehouseUnderTest) -> None:
    sea.run(TABLES, *DAYS)
    before = {table: sea.delta(table).version() for table in DIMENSIONS}
    result = sea.run(DIMENSIONS, *DAYS)
    assert {table: sea.delta(table).version() for table in DIMENSIONS} == before
    metadata = materialised(result, sea.key("silver.gauges_ever"))[None]
    assert (metadata["changed"], metadata["dagster/row_count"]) == (False, 2)
    assert sea.delta("silver.gauges").metadata().partition_columns == []


def test_checks_look_at_what_holds_now(sea: LakehouseUnderTest) -> None:
    sea.run(TABLES, *DAYS)
    sea.land("gauges/b.csv", b"code,name,datum_cm\nn,Northern,110\n", utc(2024, 3, 1, 3))
    found = evaluations(sea.run(("bronze.gauges", *DIMENSIONS), *DAYS))
    assert found["silver.gauges_ever:unique"].passed
    assert found["silver.gauges:unique"].passed
    assert found["silver.gauges:datum_cm_in_range"].description == "rows outside: 1"


def test_a_changed_dimension_is_asked_for_and_then_what_was_computed_with_it(sea: LakehouseUnderTest) -> None:
    sea.run(TABLES, *DAYS)
    seen = {sensor: sea.tick(sensor, None).cursor for sensor in ("sea_days", "sea_dimensions")}
    sea.land("gauges/b.csv", b"code,name,datum_cm\nn,Northern,10\ns,South,20\n", utc(2024, 3, 1, 3))
    sea.run(("bronze.gauges",), *DAYS)
    assert not sea.tick("sea_days", seen["sea_days"]).run_requests
    (request,) = sea.tick("sea_dimensions", seen["sea_dimensions"]).run_requests or []
    assert {key.path[-1] for key in request.asset_selection or []} == {"gauges", "gauges_ever"}
    sea.launch(request)
    (follow_up,) = sea.tick("sea_days", seen["sea_days"]).run_requests or []
    sea.launch(follow_up)
    assert {row["name"] for row in sea.rows("gold.levels")} == {"Northern", "South"}
    assert dict(follow_up.tags)["dagster/asset_partition_range_start"] == "2024-02-28"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("dimension: replaced", "dimension: sometimes", "Input should be 'replaced' or 'versions'"),
        (
            "dimension: replaced",
            "dimension: replaced\n      publish: shop",
            "has no period, so it takes no publish",
        ),
        ("max: 100 }", "max: 100 }\n        - { type: volume, history: 2, tolerance: 1 }", "a dimension has none"),
        ("datum_cm: { type: double", "datum: { type: double", "does not select the columns of"),
        ("sql: levels.sql", "dimension: replaced\n      sql: levels.sql", "which is not declared under parameters"),
    ],
)
def test_a_dimension_that_cannot_be_is_refused(folder: Path, old: str, new: str, why: str) -> None:
    assert old in DEFS
    (folder / "sea" / "defs.yaml").write_text(DEFS.replace(old, new, 1), encoding="utf-8")
    assert why in refusal(folder)
