"""What pipelines rely on, seen through databricks-sql-connector."""

import datetime as dt
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.rehearsal.databricks.client import ENDLESS, Client, connect
from tests.rehearsal.databricks.conftest import CATALOG

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture
def readings(warehouse: Client) -> Iterator[str]:
    """A table of two months, one row each, at version 1."""
    table = f"{CATALOG}.silver.readings"
    warehouse.run(
        f"CREATE OR REPLACE TABLE {table} (id BIGINT NOT NULL COMMENT 'which', value DOUBLE, _month STRING NOT NULL)"
        " USING DELTA PARTITIONED BY (_month) COMMENT 'What was read'"
        " TBLPROPERTIES ('delta.appendOnly' = 'false')"
    )
    warehouse.run(f"INSERT INTO {table} VALUES (1, 1.5, '2026-01'), (2, NULL, '2026-02')")
    yield table
    warehouse.run(f"DROP TABLE {table}")


def version(warehouse: Client, table: str) -> int:
    return warehouse.run(f"DESCRIBE HISTORY {table} LIMIT 1")[0][0]


def test_a_month_is_replaced_and_rows_of_another_month_are_refused_whole(warehouse: Client, readings: str) -> None:
    warehouse.run(f"INSERT INTO {readings} REPLACE WHERE _month = '2026-01' SELECT 7, 7.0, '2026-01'")
    with pytest.raises(Exception, match="DELTA_REPLACE_WHERE_MISMATCH"):
        warehouse.run(f"INSERT INTO {readings} REPLACE WHERE _month = '2026-01' SELECT * FROM {readings}")
    assert warehouse.run(f"SELECT * FROM {readings} ORDER BY id") == [(2, None, "2026-02"), (7, 7.0, "2026-01")]


def test_merge_updates_inserts_deletes_and_counts(warehouse: Client, readings: str) -> None:
    counts = warehouse.run(
        "MERGE INTO silver.readings AS t USING (SELECT * FROM VALUES (1, 9.0D), (3, 3.0D) AS s(id, value)) AS s"
        " ON t.id = s.id WHEN MATCHED THEN UPDATE SET t.value = s.value"
        " WHEN NOT MATCHED THEN INSERT (id, value, _month) VALUES (s.id, s.value, '2026-03')"
        " WHEN NOT MATCHED BY SOURCE THEN DELETE"
    )
    assert counts == [(3, 1, 1, 1)]
    assert warehouse.run(f"SELECT id, value FROM {readings} ORDER BY id") == [(1, 9.0), (3, 3.0)]


def test_time_travel_and_restore(warehouse: Client, readings: str) -> None:
    before = version(warehouse, readings)
    warehouse.run(f"DELETE FROM {readings}")
    assert warehouse.value(f"SELECT count(*) FROM {readings}") == 0
    assert warehouse.value(f"SELECT count(*) FROM {readings} VERSION AS OF {before}") == 2
    warehouse.run(f"RESTORE TABLE {readings} TO VERSION AS OF {before}")
    assert warehouse.value(f"SELECT count(*) FROM {readings}") == 2
    assert version(warehouse, readings) == before + 2


def test_a_shallow_clone_in_another_schema_lives_its_own_life(warehouse: Client, readings: str) -> None:
    warehouse.run(f"CREATE OR REPLACE TABLE bronze.clone SHALLOW CLONE {readings}")
    warehouse.run("DELETE FROM bronze.clone WHERE id = 1")
    assert warehouse.value(f"SELECT count(*) FROM {CATALOG}.bronze.clone") == 1
    assert warehouse.value(f"SELECT count(*) FROM {readings}") == 2


def test_a_constraint_keeps_bad_rows_out(warehouse: Client, readings: str) -> None:
    warehouse.run(f"ALTER TABLE {readings} ADD CONSTRAINT positive CHECK (value IS NULL OR value > 0)")
    with pytest.raises(Exception, match="DELTA_VIOLATE_CONSTRAINT_WITH_VALUES"):
        warehouse.run(f"INSERT INTO {readings} VALUES (5, -1.0, '2026-01')")
    assert warehouse.value(f"SELECT count(*) FROM {readings}") == 2


def test_a_table_is_described_in_the_names_of_its_catalog(warehouse: Client, readings: str) -> None:
    with warehouse.connection.cursor() as cursor:
        cursor.execute(f"DESCRIBE DETAIL {readings}")
        detail = cursor.fetchone().asDict()
    assert (detail["name"], detail["partitionColumns"].tolist()) == (readings, ["_month"])
    assert dict(detail["properties"])["delta.appendOnly"] == "false"
    comments = {row[0]: row[2] for row in warehouse.run(f"DESCRIBE TABLE {readings}")}
    assert comments["id"] == "which"
    assert ("silver", "readings", False) in warehouse.run("SHOW TABLES IN silver")


def test_maintenance_runs_within_retention_only(warehouse: Client, readings: str) -> None:
    warehouse.run(f"INSERT INTO {readings} VALUES (8, 8.0, '2026-01')")
    ((_, metrics),) = warehouse.run(f"OPTIMIZE {readings} WHERE _month = '2026-01'")
    assert (metrics["numFilesAdded"], metrics["numFilesRemoved"]) == (1, 2)
    assert len(warehouse.run(f"VACUUM {readings} RETAIN 168 HOURS")) == 1
    with pytest.raises(Exception, match="DELTA_VACUUM_RETENTION_PERIOD_TOO_SHORT"):
        warehouse.run(f"VACUUM {readings} RETAIN 0 HOURS")


def test_a_table_can_be_clustered(warehouse: Client) -> None:
    warehouse.run("CREATE OR REPLACE TABLE silver.clustered (a INT, b STRING) USING DELTA CLUSTER BY (a)")
    with warehouse.connection.cursor() as cursor:
        cursor.execute("DESCRIBE DETAIL silver.clustered")
        assert cursor.fetchone().clusteringColumns.tolist() == ["a"]


MOMENT = dt.datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "sql_type"),
    [
        (True, "boolean"),
        (127, "int"),
        (-2_147_483_649, "bigint"),
        (2.5, "double"),
        (float("inf"), "double"),
        (Decimal("-12.3400"), "decimal(7,4)"),
        ("it's :x, ? and \\ ü 🌊\n-- no comment", "string"),
        (dt.date(2024, 2, 29), "date"),
        (MOMENT, "timestamp"),
        (None, "void"),
    ],
)
def test_a_parameter_of_any_type_arrives_as_it_was_sent(warehouse: Client, value: Any, sql_type: str) -> None:
    statement = "SELECT :x, typeof(:x), 'not :x' -- nor :x"
    assert warehouse.run(statement, {"x": value}) == [(value, sql_type, "not :x")]


def test_collections_positions_and_json_paths_are_told_from_parameters(warehouse: Client) -> None:
    ((array, mapping),) = warehouse.run("SELECT :a, :m", {"a": [1, 2], "m": {"k": "v"}})
    assert (array.tolist(), mapping) == ([1, 2], [("k", "v")])
    with warehouse.connection.cursor() as cursor:
        cursor.execute("SELECT ? + ?, 'why?'", [1, 2])
        assert tuple(cursor.fetchone()) == (3, "why?")
    with pytest.raises(Exception, match=r"UNBOUND_SQL_PARAMETER.*missing"):
        warehouse.run("SELECT :missing", {"x": 1})


def test_types_arrive_as_the_engine_has_them(warehouse: Client) -> None:
    with warehouse.connection.cursor() as cursor:
        cursor.execute(
            "SELECT CAST(1.5 AS DECIMAL(10,2)) AS d, TIMESTAMP'2026-01-01 00:00:00Z' AS t, array(1.5D, NULL) AS a,"
            " named_struct('x', 1, 'y', 'z') AS s, CAST('NaN' AS DOUBLE) AS n, X'00FF' AS b, DATE'2026-01-01' AS day"
        )
        kinds = [column[1] for column in cursor.description]
        table = cursor.fetchall_arrow()
    assert kinds == ["decimal", "timestamp", "array", "struct", "double", "binary", "date"]
    (row,) = table.to_pylist()
    assert row.pop("n") != row
    assert row == {
        "a": [1.5, None],
        "b": b"\x00\xff",
        "d": Decimal("1.50"),
        "day": dt.date(2026, 1, 1),
        "s": {"x": 1, "y": "z"},
        "t": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    }


def test_many_rows_come_in_pages_and_whole(warehouse: Client) -> None:
    with warehouse.connection.cursor() as cursor:
        cursor.arraysize = 30_000
        cursor.execute("SELECT id, CAST(id AS STRING) AS text FROM range(200000) ORDER BY id")
        table = cursor.fetchall_arrow()
    assert table.num_rows == 200_000
    assert table.column("id").to_pylist() == list(range(200_000))
    assert table.column("text")[-1].as_py() == "199999"


def test_an_empty_result_keeps_its_columns(warehouse: Client) -> None:
    with warehouse.connection.cursor() as cursor:
        cursor.execute("SELECT 1 AS a, 'x' AS b WHERE false")
        assert [column[0] for column in cursor.description] == ["a", "b"]
        assert cursor.fetchall_arrow().num_rows == 0


def test_the_text_of_a_statement_arrives_verbatim_with_its_tags(databricks: "Workspace", warehouse: Client) -> None:
    text = "SELECT  1 /* kept */\n  AS a -- as written"
    with warehouse.connection.cursor() as cursor:
        cursor.execute(text, query_tags={"run": "r-1"})
    (received,) = databricks.statements.matching("kept")
    assert (received.text, received.query_tags) == (text, "run:r-1")


def test_a_session_starts_where_it_says_and_moves(databricks: "Workspace", declared: None) -> None:
    with connect(databricks, CATALOG, schema="silver") as client:
        assert client.run("SELECT current_catalog(), current_schema()") == [(CATALOG, "silver")]
        client.run("CREATE OR REPLACE TABLE here (a INT)")
        client.run("USE SCHEMA bronze")
        assert client.run("SHOW TABLES IN silver LIKE 'here'") == [("silver", "here", False)]
        client.run(f"USE {CATALOG}.silver")
        assert client.value("SELECT count(*) FROM here") == 0
    with pytest.raises(Exception, match="NO_SUCH_CATALOG_EXCEPTION"), connect(databricks, "platform_elsewhere"):
        pass


def test_pipelines_neither_declare_nor_grant(warehouse: Client) -> None:
    for statement in (
        "CREATE SCHEMA IF NOT EXISTS extra",
        "DROP SCHEMA silver CASCADE",
        "CREATE VOLUME ops.more",
        "GRANT SELECT ON TABLE silver.t TO `someone`",
    ):
        with pytest.raises(Exception, match="INSUFFICIENT_PERMISSIONS"):
            warehouse.run(statement)


def test_a_warehouse_lets_a_session_set_its_own_settings_only(warehouse: Client) -> None:
    warehouse.run("SET TIMEZONE = Europe/Amsterdam")
    assert warehouse.value("SELECT CAST(TIMESTAMP'2026-01-01 00:00:00Z' AS STRING)") == "2026-01-01 01:00:00"
    with pytest.raises(Exception, match="CONFIG_NOT_AVAILABLE"):
        warehouse.run("SET spark.databricks.delta.write.txnAppId = app")


def test_a_cancelled_statement_ends_on_the_engine(databricks: "Workspace", warehouse: Client) -> None:
    failed: list[BaseException] = []
    cursor = warehouse.connection.cursor()

    def run() -> None:
        try:
            cursor.execute(ENDLESS)
        except Exception as error:  # noqa: BLE001 - whatever the client raises
            failed.append(error)

    running = threading.Thread(target=run)
    running.start()
    databricks.statements.wait_for("CROSS JOIN", 30)
    while cursor.active_command_id is None:
        time.sleep(0.05)
    cursor.cancel()
    running.join(30)
    assert not running.is_alive()
    assert databricks.statements.cancelled == [ENDLESS]
    assert "canceled" in str(failed[0])
    assert warehouse.value("SELECT 1") == 1
