"""A pull request's catalog filled from production's and compared with it, on real Spark and Delta."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from databricks_delta.clone.databricks_clone import DatabricksClone
from databricks_delta.components.deployment_lakehouse import databricks_lakehouse
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.table import Column, ColumnType, LakehouseTable, period_column
from platform_cli.diff.compare import DeclaredTable, compare_store
from platform_cli.diff.databricks_gold import DatabricksGold
from platform_cli.diff.table_diff import ColumnChange, LargestChange, RowChange, SchemaChange
from platform_contract.clone_route import CloneRoute
from platform_contract.databricks_names import DatabricksNames
from platform_contract.deployment import pull_request
from platform_contract.layer import Layer
from platform_runtime.lakehouse.granularity import Granularity
from platform_runtime.lakehouse.warehouse_use import WarehouseUse
from platform_runtime.marks.marks import NO_MARKS

from tests.deployments import PROD
from tests.rehearsal.databricks.client import Client, connect
from tests.rehearsal.hosts import DATABRICKS_HOST

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

ROUTE = CloneRoute(PROD, pull_request(7))
SOURCE, TARGET = (DatabricksNames(one).catalog for one in (ROUTE.source, ROUTE.target))
MONTH = period_column(Granularity.MONTH)
DAILY = LakehouseTable(
    layer=Layer.GOLD,
    granularity=Granularity.MONTH,
    schema="gold",
    name="daily",
    description="A station's day",
    columns=(Column("station", ColumnType.STRING, "Station", False), MONTH),
    clustering=(),
    liquid=False,
    constraints={},
    retention_days=7,
    marks=NO_MARKS,
)
PLANNED = replace(DAILY, name="planned")


@pytest.fixture
def production(databricks: "Workspace", monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Both catalogs as infrastructure declares them, and a table of two days in production's."""
    for variable, value in {
        "DATABRICKS_SERVER_HOSTNAME": DATABRICKS_HOST,
        "DATABRICKS_HTTP_PATH": databricks.http_path,
        "DATABRICKS_TOKEN": databricks.token,
    }.items():
        monkeypatch.setenv(variable, value)
    for catalog in (SOURCE, TARGET):
        databricks.lakehouse.create_catalog(catalog, None)
        databricks.lakehouse.create_schema(catalog, "gold")
    with connect(databricks, SOURCE) as client:
        client.run(
            "CREATE TABLE gold.daily (station STRING, day DATE, mean DOUBLE, _month STRING)"
            " USING DELTA PARTITIONED BY (_month)"
        )
        client.run(
            "INSERT INTO gold.daily VALUES ('JFK', DATE'2013-01-01', 1.5, '2013-01'), "
            "('JFK', DATE'2013-02-01', CAST('NaN' AS DOUBLE), '2013-02'), ('LGA', DATE'2013-02-01', NULL, '2013-02')"
        )
        yield client
    for catalog in (TARGET, SOURCE):
        databricks.lakehouse.drop_catalog(catalog)


def test_the_copy_is_shallow_its_own_and_what_differs_is_found(production: Client) -> None:
    lakehouse = databricks_lakehouse(ROUTE.target, WarehouseUse(retry_pause_seconds=0.1))
    clone = DatabricksClone(ROUTE, lakehouse)
    assert not clone.has_source(PLANNED)
    assert clone.has_source(DAILY)
    assert clone.clone(DAILY) == 1
    assert clone.rows_by_period(DAILY) == clone.source_rows_by_period(DAILY) == {"2013-01": 1, "2013-02": 2}

    target = f"{TARGET}.gold.daily"
    lakehouse.execute(
        f"UPDATE {target} SET mean = CASE station WHEN 'JFK' THEN 2.25 ELSE 7 END"
        " WHERE _month = '2013-01' OR station = 'LGA'"
    )
    lakehouse.execute(f"INSERT INTO {target} VALUES ('EWR', DATE'2013-02-01', 4.0, '2013-02')")
    lakehouse.execute(f"ALTER TABLE {target} ADD COLUMN note STRING")
    lakehouse.execute(f"CREATE TABLE {TARGET}.gold.fresh (k INT) USING DELTA")
    assert production.value("SELECT sum(mean) FROM gold.daily WHERE _month = '2013-01'") == 1.5

    declared = {"daily": DeclaredTable("weather/gold/daily", ("station", "day"), NO_MARKS)}
    daily, fresh = compare_store(DatabricksGold(lakehouse, ROUTE, "gold"), declared)
    assert daily.schema == SchemaChange(("note",), (), ())
    assert daily.rows == RowChange(
        added=1,
        removed=0,
        changed=2,
        columns=(
            ColumnChange(
                "mean",
                2,
                (LargestChange(("JFK", "2013-01-01"), 1.5, 2.25), LargestChange(("LGA", "2013-02-01"), None, 7.0)),
            ),
        ),
    )
    assert (fresh.name, fresh.rows_before, fresh.rows_after) == ("gold.fresh", None, 0)
    # Cloned again, it is production's once more.
    assert clone.clone(DAILY) == 1
    assert clone.rows_by_period(DAILY) == {"2013-01": 1, "2013-02": 2}


@pytest.fixture
def clone(production: Client) -> DatabricksClone:
    """Production's table, cloned."""
    made = DatabricksClone(ROUTE, databricks_lakehouse(ROUTE.target, WarehouseUse(attempts=1)))
    assert made.clone(DAILY) == 1
    return made


@pytest.mark.usefixtures("clone")
@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        (
            f"CREATE OR REPLACE TABLE {TARGET}.gold.daily SHALLOW CLONE {SOURCE}.gold.daily",
            "create it anew",
        ),
        (f"CREATE TABLE {TARGET}.gold.again SHALLOW CLONE {TARGET}.gold.daily", "cannot be made of a shallow clone"),
        (
            f"CREATE TABLE {TARGET}.gold.out SHALLOW CLONE {SOURCE}.gold.daily LOCATION 's3://somebodys-bucket/daily'",
            "to a managed table alone",
        ),
        (f"VACUUM {TARGET}.gold.daily", "might delete data files of its source"),
    ],
)
def test_a_shallow_clone_is_refused_what_unity_catalog_refuses(production: Client, statement: str, rule: str) -> None:
    with pytest.raises(Exception, match=rule):
        production.run(statement)


def test_a_clone_reads_its_sources_files_as_long_as_the_source_retains_them(
    clone: DatabricksClone, production: Client
) -> None:
    production.run("DELETE FROM gold.daily")
    _vacuumed_as_predictive_optimization_does(production, "9 days")
    assert clone.rows_by_period(DAILY) == {"2013-01": 1, "2013-02": 2}
    read = f"SELECT sum(mean) FROM {TARGET}.gold.daily WHERE _month = '2013-01'"
    assert [list(row.values()) for row in clone.lakehouse.execute(read)] == [[1.5]]
    _vacuumed_as_predictive_optimization_does(production, "0 hours")
    with pytest.raises(LakehouseError, match=r"FILE_NOT_EXIST|does not exist"):
        clone.lakehouse.execute(f"SELECT sum(mean) + 1 FROM {TARGET}.gold.daily")


def _vacuumed_as_predictive_optimization_does(production: Client, retention: str) -> None:
    """docs.databricks.com, Predictive optimization: the table's property decides what VACUUM deletes."""
    production.run(
        f"ALTER TABLE gold.daily SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval {retention}')"
    )
    production.run("VACUUM gold.daily")
