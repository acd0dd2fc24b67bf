"""Tables without a period on a warehouse: what a laptop keeps as well, and written only when it changes."""

from typing import Any

import pytest
from databricks_delta.lakehouse.dimension_table import VALID_FROM, VALID_TO, DimensionTable
from databricks_delta.lakehouse.lakehouse import Lakehouse
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import Column, ColumnType, LakehouseTable
from platform_contract.layer import Layer
from platform_runtime.marks.marks import NO_MARKS

from tests.code_locations.databricks_delta.lakehouse.databricks.on_databricks import OnDatabricks
from tests.code_locations.databricks_delta.lakehouse_under_test import LakehouseUnderTest
from tests.code_locations.databricks_delta.readings import reading, utc

pytestmark = pytest.mark.slow

NOON = utc(2013, 1, 5, 12)
# The warmest reading of each station of the latest file: null where none can be read.
SQL = """
SELECT origin AS station, max(try_cast(temp AS DOUBLE)) AS warmest FROM bronze.weather_readings
WHERE _source_modified_at = (SELECT max(_source_modified_at) FROM bronze.weather_readings) GROUP BY origin
"""
STATION = Column("station", ColumnType.STRING, "Station", nullable=False)
WARMEST = Column("warmest", ColumnType.DOUBLE, "°F", nullable=True)


def dimension(*added: Column) -> DimensionTable:
    table = LakehouseTable(
        layer=Layer.SILVER,
        granularity=None,
        schema="silver",
        name="stations_ever" if added else "stations",
        description="Stations",
        columns=(STATION, WARMEST, *added),
        clustering=(),
        liquid=True,
        constraints={},
        retention_days=30,
        marks=NO_MARKS,
    )
    return DimensionTable(table, Statement(SQL, "stations.sql", {}), keeps_versions=bool(added))


REPLACED, VERSIONS = dimension(), dimension(VALID_FROM, VALID_TO)


def held(lakehouse: Lakehouse, target: DimensionTable) -> list[tuple[Any, ...]]:
    """Station, warmest reading and whether it holds."""
    holds = "valid_to IS NULL" if target.keeps_versions else "true"
    sql = f"SELECT station, warmest, {holds} AS holds FROM {target.table.full_name} ORDER BY station, holds"
    return [tuple(row.values()) for row in lakehouse.query(Statement(sql, "a question of the test", {}), None)]


def replaced(lakehouse: Lakehouse) -> tuple[bool, bool]:
    return lakehouse.replace_whole(REPLACED), lakehouse.replace_whole(VERSIONS)


def test_both_engines_keep_the_same_and_write_what_changed_alone(
    on_databricks: OnDatabricks, weather: LakehouseUnderTest
) -> None:
    first = [reading("EWR", NOON, temp="50"), reading("JFK", NOON, temp="NA")]
    second = [reading("EWR", NOON, temp="51"), reading("LGA", NOON, temp="NA")]
    for number, (readings, changed) in enumerate(((first, True), (second, True))):
        for one in (on_databricks, weather):
            one.land(f"{number}.csv.gz", readings, utc(2013, 2, 1 + number, 0))
            one.ingest()
            assert replaced(one.lakehouse) == (changed, changed)
            assert replaced(one.lakehouse) == (False, False)
    now = [("EWR", 51.0, True), ("LGA", None, True)]
    ever = [("EWR", 50.0, False), ("EWR", 51.0, True), ("JFK", None, False), ("LGA", None, True)]
    for one in (on_databricks, weather):
        assert (held(one.lakehouse, REPLACED), held(one.lakehouse, VERSIONS)) == (now, ever)


def test_it_has_no_folders_and_no_clustering_but_its_own(on_databricks: OnDatabricks) -> None:
    on_databricks.land("a.csv.gz", [reading("EWR", NOON)], NOON)
    on_databricks.ingest()
    on_databricks.lakehouse.replace_whole(REPLACED)
    (detail,) = on_databricks.lakehouse.execute("DESCRIBE DETAIL silver.stations")
    assert list(detail["partitionColumns"]) == []  # type: ignore[call-overload]
    assert list(detail["clusteringColumns"]) == []  # type: ignore[call-overload]
