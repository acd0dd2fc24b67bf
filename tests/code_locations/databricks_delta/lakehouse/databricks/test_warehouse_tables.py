"""Tables as a warehouse keeps them: declared in YAML, replaced by periods, maintained, restored."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import Column, ColumnType
from platform_runtime.lakehouse.warehouse_use import WarehouseUse

from tests.code_locations.databricks_delta.lakehouse.databricks.on_databricks import OnDatabricks, detail
from tests.code_locations.databricks_delta.lakehouse_under_test import BRONZE, DAILY, SILVER
from tests.code_locations.databricks_delta.readings import reading, utc

pytestmark = pytest.mark.slow

LANDED = utc(2013, 3, 1, 0)
NOON = utc(2013, 1, 5, 12)


@pytest.fixture
def computed(on_databricks: OnDatabricks) -> OnDatabricks:
    """Two days of January and one of February, in silver."""
    days = [reading("EWR", NOON + timedelta(days=day), temp=str(50 + day)) for day in (0, 1, 30)]
    on_databricks.land("a.csv.gz", days, LANDED)
    on_databricks.ingest()
    on_databricks.compute(on_databricks.table(SILVER), "2013-01", "2013-02")
    return on_databricks


def test_a_table_is_made_as_it_is_declared_and_follows_what_is_safe(computed: OnDatabricks) -> None:
    daily = computed.table(DAILY)
    computed.compute(daily, "2013-01", "2013-02")
    found = detail(computed, DAILY)
    assert found["description"] == "A station's UTC day in one row."
    assert (list(found["partitionColumns"]), list(found["clusteringColumns"])) == ([], ["_month", "station", "day"])
    assert found["properties"]["delta.constraints.readings_counted"].replace(" ", "") == "readings>0"
    properties = daily.table.properties
    assert {name: found["properties"][name] for name in properties} == properties
    with pytest.raises(LakehouseError, match="NOT NULL constraint violated for column: station"):
        computed.lakehouse.execute(
            f"INSERT INTO {DAILY} (station, day, readings, completeness, _month) "
            "VALUES (NULL, DATE'2013-01-01', 1, 1.0, '2013-01')"
        )
    before = [entry.operation for entry in computed.lakehouse.history(daily.table)]
    computed.compute(daily, "2013-01", "2013-01")
    assert [entry.operation for entry in computed.lakehouse.history(daily.table)] == ["WRITE", *before]

    changed = _with_rain(daily)
    computed.compute(changed, "2013-02", "2013-02")
    found = detail(computed, DAILY)
    assert (found["description"], found["properties"]["delta.logRetentionDuration"]) == (
        "It's a day",
        "interval 21 days",
    )
    assert [name for name in found["properties"] if "constraints" in name] == ["delta.constraints.warm_enough"]
    rows = computed.rows(f"SELECT _month, rainy, readings FROM {DAILY} ORDER BY _month, day")
    assert [tuple(row.values()) for row in rows] == [("2013-01", None, 1), ("2013-01", None, 1), ("2013-02", False, 1)]
    described = computed.lakehouse.execute(f"DESCRIBE TABLE {DAILY}")
    assert [(row["col_name"], row["comment"]) for row in described][:3] == [
        ("station", "Code"),
        ("rainy", "Whether it rained"),
        ("day", "UTC date"),
    ]
    impossible = replace(changed, table=replace(changed.table, constraints={"no": "readings > 5"}))
    with pytest.raises(LakehouseError, match="rows break a constraint"):
        computed.compute(impossible, "2013-02", "2013-02")


def _with_rain(daily: PeriodTable) -> PeriodTable:
    """The daily summary, declared anew with another column, constraint, comment and retention."""
    station, *rest = daily.table.columns
    rain = Column("rainy", ColumnType.BOOLEAN, "Whether it rained", nullable=False)
    table = replace(
        daily.table,
        description="It's a day",
        columns=(replace(station, description="Code"), rain, *rest),
        constraints={"warm_enough": "mean_temp_c > -90"},
        retention_days=21,
    )
    sql = f"SELECT *, total_precip_mm > 0 AS rainy FROM (\n{daily.statement.sql}\n)"
    return replace(daily, table=table, statement=replace(daily.statement, sql=sql))


def test_a_table_that_someone_changed_is_refused_and_left_alone(computed: OnDatabricks) -> None:
    table = computed.table(SILVER)
    change = "SELECT * EXCEPT (temp_c, dew_point_c), CAST(dew_point_c AS STRING) AS dew_point_c"
    computed.lakehouse.execute(f"CREATE OR REPLACE TABLE {SILVER} CLUSTER BY (_month) AS {change} FROM {SILVER}")
    version = computed.lakehouse.state(table.table).version
    with pytest.raises(LakehouseError) as refused:
        computed.compute(table, "2013-01", "2013-01")
    assert str(refused.value).startswith(
        f"Bring {SILVER} and its declaration in defs.yaml together: restore its version"
    )
    assert "someone dropped its column temp_c" in str(refused.value)
    assert "its column dew_point_c is string, declared double" in str(refused.value)
    assert computed.lakehouse.state(table.table).version == version
    computed.lakehouse.restore(table.table, version - 1)
    computed.compute(table, "2013-01", "2013-01")
    assert len(computed.rows(f"SELECT temp_c FROM {SILVER} WHERE temp_c IS NOT NULL")) == 3


def test_statements_go_out_as_they_stand_and_a_month_leaves_the_others_alone(computed: OnDatabricks) -> None:
    table = computed.table(SILVER)
    computed.lakehouse.execute(f"UPDATE {SILVER} SET temp_c = 0")
    computed.compute(table, "2013-01", "2013-01")
    rows = computed.rows(f"SELECT _month, temp_c FROM {SILVER} ORDER BY observed_at")
    assert [(row["_month"], round(row["temp_c"], 9)) for row in rows] == [
        ("2013-01", 10.0),
        ("2013-01", 10.555555556),
        ("2013-02", 0.0),
    ]
    sent = computed.workspace.statements.matching("INSERT INTO silver.weather_readings REPLACE WHERE")[-1]
    assert table.statement.sql in sent.text
    assert sent.parameters["first_month"] == ("STRING", "2013-01")
    assert sent.configuration["TIMEZONE"] == "UTC"
    assert sent.configuration["STATEMENT_TIMEOUT"] == "60"
    assert sent.configuration["QUERY_TAGS"] == f"deployment:{computed.deployment}"

    asked = Statement(
        f"SELECT count(*)  AS n FROM {SILVER} -- as it is\nWHERE temp_c > :limit", "a.sql", {"limit": 10.2}
    )
    assert computed.lakehouse.query(asked, None) == [{"n": 1}]
    assert computed.sent("as it is") == [asked.sql]
    with computed.lakehouse.reader() as reader:
        with pytest.raises(LakehouseError, match=r"^Materialise the tables that it reads first.*\nb\.sql: .*nothing"):
            reader.query(Statement("SELECT * FROM gold.nothing", "b.sql", {}), None)
        assert reader.query(Statement("SELECT 1 AS one", "c.sql", {}), None) == [{"one": 1}]


def test_a_months_rows_alone_are_replaced_where_no_folder_holds_them(computed: OnDatabricks) -> None:
    silver = computed.table(SILVER)
    computed.lakehouse.execute(f"UPDATE {SILVER} SET station = concat(station, ' as it was')")
    computed.compute(silver, "2013-02", "2013-02")
    rows = computed.rows(f"SELECT _month, station FROM {SILVER} ORDER BY observed_at")
    assert [tuple(row.values()) for row in rows] == [
        ("2013-01", "EWR as it was"),
        ("2013-01", "EWR as it was"),
        ("2013-02", "EWR"),
    ]
    sql = f"SELECT * EXCEPT (_month), '1999-01' AS _month FROM (\n{silver.statement.sql}\n)"
    astray = replace(silver, statement=replace(silver.statement, sql=sql))
    version = computed.lakehouse.state(silver.table).version
    with pytest.raises(LakehouseError, match=r"^Let the SELECT keep to the periods that it is asked for"):
        computed.compute(astray, "2013-02", "2013-02")
    assert computed.lakehouse.state(silver.table).version == version
    computed.lakehouse.maintain(silver.table)
    assert computed.sent("OPTIMIZE silver.weather_readings")[-1] == "OPTIMIZE silver.weather_readings"


def test_months_that_are_replaced_at_the_same_time_wait_for_each_other(computed: OnDatabricks) -> None:
    silver = computed.table(SILVER)
    patient = replace(computed, patience=WarehouseUse(retry_pause_seconds=0.1))
    before = computed.lakehouse.state(silver.table).version
    periods = ["2013-01", "2013-02", "2013-01"]
    with ThreadPoolExecutor(len(periods)) as writers:
        list(writers.map(lambda month: patient.compute(silver, month, month), periods))
    assert computed.lakehouse.state(silver.table).version == before + len(periods)
    rows = computed.rows(f"SELECT _month, count(*) AS n FROM {SILVER} GROUP BY _month ORDER BY _month")
    assert [tuple(row.values()) for row in rows] == [("2013-01", 2), ("2013-02", 1)]


def test_a_table_of_an_earlier_release_keeps_its_folders_and_says_how_to_change_that(
    on_databricks: OnDatabricks, caplog: pytest.LogCaptureFixture
) -> None:
    on_databricks.land("a.csv.gz", [reading("EWR", NOON), reading("EWR", utc(2013, 2, 1, 0))], LANDED)
    on_databricks.ingest()
    silver = on_databricks.table(SILVER)
    earlier = replace(silver, table=replace(silver.table, liquid=False))
    on_databricks.compute(earlier, "2013-01", "2013-02")
    assert list(detail(on_databricks, SILVER)["partitionColumns"]) == ["_month"]
    with caplog.at_level(logging.WARNING):
        on_databricks.compute(silver, "2013-01", "2013-01")
    assert f"{SILVER} keeps a folder for each period" in caplog.text
    assert len(on_databricks.rows(f"SELECT 1 FROM {SILVER}")) == 2
    on_databricks.lakehouse.maintain(silver.table)
    assert on_databricks.sent("OPTIMIZE silver.weather_readings")[-1].endswith("ZORDER BY (`station`, `observed_at`)")

    # What the README says to do.
    on_databricks.lakehouse.execute(f"ALTER TABLE {SILVER} RENAME TO {SILVER}_in_folders")
    on_databricks.compute(silver, "2013-01", "2013-02")
    assert list(detail(on_databricks, SILVER)["clusteringColumns"]) == ["_month", "station", "observed_at"]
    moved, kept = (f"SELECT * FROM {name} ORDER BY observed_at" for name in (SILVER, f"{SILVER}_in_folders"))
    assert on_databricks.rows(moved) == on_databricks.rows(kept)
    with pytest.raises(LakehouseError, match="it has liquid clustering, declared a folder for each period"):
        on_databricks.compute(earlier, "2013-01", "2013-01")


def test_maintenance_history_and_restore(computed: OnDatabricks) -> None:
    bronze = computed.blueprint.sources[0].bronze
    for hour in (1, 2):
        computed.land(f"{hour}.csv.gz", [reading("EWR", NOON + timedelta(hours=hour))], LANDED)
        computed.ingest()
    loaded = computed.lakehouse.state(bronze)
    # One for each load, whichever periods are in it.
    assert (loaded.files, loaded.size_bytes > 0) == (3, True)
    assert computed.lakehouse.maintain(bronze)["files_joined"] >= 3
    assert computed.lakehouse.state(bronze).files == 1
    assert computed.sent("VACUUM") == [f"VACUUM {BRONZE} RETAIN 2160 HOURS"]
    newest, *_, oldest = computed.lakehouse.history(bronze)
    assert (newest.version > loaded.version, oldest.operation) == (True, "CREATE TABLE")
    assert newest.at.tzinfo is not None
    computed.lakehouse.restore(bronze, loaded.version - 1)
    assert len(computed.rows(f"SELECT 1 FROM {BRONZE}")) == 4
    assert [file.name for file in computed.ingest().loaded] == ["2.csv.gz"]
