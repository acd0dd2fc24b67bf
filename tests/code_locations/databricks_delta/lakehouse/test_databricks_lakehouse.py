"""The statements that reach Databricks, seen at the connector's own interface (PEP 249)."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import Self

import dagster as dg
import pytest
import sqlglot
from databricks_delta.lakehouse.databricks_lakehouse import DatabricksLakehouse
from databricks_delta.lakehouse.databricks_sql import create_table, maintain, replace_months
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.months import MonthRange
from databricks_delta.lakehouse.statement import Statement
from platform_contract.settings import MissingSettingsError

from tests.code_locations.databricks_delta.lakehouse_under_test import REJECTED, SILVER, shipped_blueprint

MONTHS = MonthRange("2013-01", "2013-03")
LAKEHOUSE = DatabricksLakehouse(
    catalog="platform_dev",
    landing_volume="/Volumes/platform_dev/ops/landing",
    code_volume="/Volumes/platform_dev/ops/code",
)
SECRET = "dapi-never-to-be-seen"  # noqa: S105 - a made-up one


class Row:
    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def asDict(self) -> dict[str, object]:  # noqa: N802 - the connector's name
        return dict(self._values)


class Connector:
    """Stands for `databricks.sql`: keeps what it is asked and answers what it is told to."""

    def __init__(self) -> None:
        self.connected: list[dict[str, object]] = []
        self.executed: list[tuple[str, Mapping[str, object]]] = []
        self.answers: dict[str, list[dict[str, object]]] = {}
        self.description: object = None

    def connect(self, **arguments: object) -> Self:
        self.connected.append(arguments)
        return self

    def cursor(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def execute(self, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        self.executed.append((sql, parameters or {}))
        self.description = [("column",)]

    def fetchall(self) -> list[Row]:
        asked = self.executed[-1][0]
        return [Row(values) for start, rows in self.answers.items() if asked.startswith(start) for values in rows]


@pytest.fixture
def connector(monkeypatch: pytest.MonkeyPatch) -> Connector:
    connector, package = Connector(), ModuleType("databricks")
    vars(package)["sql"] = connector
    monkeypatch.setitem(sys.modules, "databricks", package)
    monkeypatch.setenv("DATABRICKS_SERVER_HOSTNAME", "dbc.example.com")
    monkeypatch.setenv("DATABRICKS_HTTP_PATH", "/sql/1.0/warehouses/abc")
    monkeypatch.setenv("DATABRICKS_TOKEN", SECRET)
    return connector


def _table(full_name: str) -> tuple[str, str]:
    table = next(table for table in shipped_blueprint().month_tables if table.table.full_name == full_name)
    return create_table(table.table), replace_months(table, MONTHS)


def test_every_use_without_settings_names_all_that_are_missing() -> None:
    with pytest.raises(MissingSettingsError) as missing:
        LAKEHOUSE.query(Statement("SELECT 1 AS a", "a question", {}), None)
    for setting in ("SERVER_HOSTNAME", "HTTP_PATH", "TOKEN", "CLIENT_ID", "CLIENT_SECRET"):
        assert f"DATABRICKS_{setting}" in str(missing.value)
    assert "catalog platform_dev" in str(missing.value)


def test_the_session_is_in_the_deployments_catalog_and_in_utc(connector: Connector) -> None:
    LAKEHOUSE.query(Statement("SELECT 1 AS a", "a question", {}), None)
    (connected,) = connector.connected
    assert connected["catalog"] == "platform_dev"
    assert connected["enable_telemetry"] is False
    assert connected["access_token"] == SECRET
    assert connector.executed[0] == ("SET TIME ZONE 'UTC'", {})


def test_several_questions_share_a_connection(connector: Connector) -> None:
    with LAKEHOUSE.reader() as reader:
        reader.query(Statement("SELECT 1 AS a", "a question", {}), None)
        reader.query(Statement("SELECT 2 AS a", "another", {}), None)
    assert len(connector.connected) == 1


def test_a_question_goes_out_as_it_stands_with_its_parameters(connector: Connector) -> None:
    connector.answers = {"SELECT a": [{"a": 1}, {"a": 2}]}
    asked = Statement("SELECT a FROM silver.t WHERE b > :limit", "a question", {"limit": 3, "other": 4})
    assert LAKEHOUSE.query(asked, None) == [{"a": 1}, {"a": 2}]
    assert connector.executed[-1] == (asked.sql, {"limit": 3})


def test_months_are_replaced_by_the_select_as_it_stands_in_its_file(connector: Connector) -> None:
    silver = next(table for table in shipped_blueprint().month_tables if table.table.full_name == SILVER)
    LAKEHOUSE.replace_months(dg.build_asset_context(), silver, MONTHS)
    (_, created, (replaced, parameters)) = connector.executed
    assert created[0].startswith(
        "CREATE TABLE IF NOT EXISTS silver.weather_readings (`station` STRING NOT NULL COMMENT"
    )
    head, _, rest = replaced.partition("\n")
    assert head == ("INSERT INTO silver.weather_readings REPLACE WHERE _month >= '2013-01' AND _month <= '2013-03'")
    assert silver.statement.sql in rest
    assert (parameters["first_month"], parameters["last_month"], parameters["max_wind_ms"]) == (
        "2013-01",
        "2013-03",
        113,
    )


def test_rejected_rows_without_a_month_are_replaced_with_any() -> None:
    _, replaced = _table(REJECTED)
    assert replaced.startswith(
        "INSERT INTO silver.weather_readings_rejected "
        "REPLACE WHERE (_month >= '2013-01' AND _month <= '2013-03') OR _month = 'unreadable'\n"
    )


@pytest.mark.parametrize("full_name", sorted(shipped_blueprint().tables))
def test_tables_are_made_and_maintained_in_databricks_sql(full_name: str) -> None:
    table = shipped_blueprint().tables[full_name]
    made = create_table(table)
    assert "PARTITIONED BY (_month)" in made
    assert "'delta.enableDeletionVectors' = 'false'" in made
    for statement in (made, *maintain(table)):
        assert sqlglot.parse_one(statement, dialect="databricks")


def test_history_and_state_are_read_from_the_table(connector: Connector) -> None:
    connector.answers = {
        "DESCRIBE HISTORY": [{"version": 4, "timestamp": datetime(2024, 1, 1), "operation": "WRITE"}],  # noqa: DTZ001
        "DESCRIBE DETAIL": [{"numFiles": 12, "sizeInBytes": 3456}],
    }
    silver = shipped_blueprint().tables[SILVER]
    (newest,) = LAKEHOUSE.history(silver)
    assert (newest.version, newest.at, newest.operation) == (4, datetime(2024, 1, 1, tzinfo=UTC), "WRITE")
    state = LAKEHOUSE.state(silver)
    assert (state.version, state.files, state.size_bytes) == (4, 12, 3456)
    LAKEHOUSE.restore(silver, 3)
    assert connector.executed[-1][0] == "RESTORE TABLE silver.weather_readings TO VERSION AS OF 3"


def test_what_bronze_holds_is_known_by_content(connector: Connector) -> None:
    bronze = shipped_blueprint().bronze
    assert LAKEHOUSE.loaded_files(bronze) == {}  # no such table yet
    connector.answers = {
        "SHOW TABLES IN bronze LIKE 'weather_readings'": [{"tableName": "weather_readings"}],
        "SELECT DISTINCT": [{"_source_sha256": "ab", "_source_file": "a.csv.gz"}],
    }
    assert LAKEHOUSE.loaded_files(bronze) == {"ab": "a.csv.gz"}


@pytest.mark.usefixtures("connector")
def test_files_are_not_taken_in_from_a_volume_and_it_says_so() -> None:
    blueprint = shipped_blueprint()
    with pytest.raises(LakehouseError, match="/Volumes/platform_dev/ops/landing/weather: files are not taken in"):
        LAKEHOUSE.ingest(blueprint.bronze, blueprint.source)


def test_the_token_is_in_no_message(connector: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABRICKS_HTTP_PATH")
    with pytest.raises(MissingSettingsError) as missing:
        LAKEHOUSE.query(Statement("SELECT 1 AS a", "a question", {}), None)
    assert SECRET not in str(missing.value)
    assert SECRET not in repr(LAKEHOUSE)
    assert connector.connected == []
