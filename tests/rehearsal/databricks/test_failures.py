"""Every failure that a test can order, as the real client meets it."""

import time
from typing import TYPE_CHECKING

import pytest

from tests.fakes.databricks_sql.failures import Moment
from tests.rehearsal.databricks.client import ENDLESS, Client, connect
from tests.rehearsal.databricks.conftest import CATALOG
from tests.rehearsal.hosts import DATABRICKS_HOST

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

pytestmark = pytest.mark.slow


def test_a_stopped_warehouse_starts_when_asked_and_the_client_waits(databricks: "Workspace", declared: None) -> None:
    databricks.power.stop(refusals=1)
    began = time.monotonic()
    with connect(databricks, CATALOG) as client:
        assert client.value("SELECT 1") == 1
    # The client waits for `_retry_delay_max` each time, whatever the server proposes.
    assert time.monotonic() - began >= 5


def test_a_warehouse_that_never_comes_up_is_given_up(databricks: "Workspace", declared: None) -> None:
    databricks.power.stop(refusals=None)
    with (
        pytest.raises(Exception, match=r"retry duration|too many 503|Max retries"),
        connect(databricks, CATALOG, _retry_stop_after_attempts_duration=3),
    ):
        pass


def test_a_warehouse_that_stops_ends_its_sessions(databricks: "Workspace", warehouse: Client) -> None:
    databricks.power.stop(refusals=0)
    with pytest.raises(Exception, match=r"INVALID_HANDLE.SESSION_CLOSED"):
        warehouse.run("SELECT 1")


def test_a_token_that_expires_in_mid_session_is_refused(databricks: "Workspace", declared: None) -> None:
    token = databricks.tokens.issue()
    with connect(databricks, CATALOG, access_token=token) as client:
        databricks.tokens.expire(token)
        with pytest.raises(Exception, match="Token is expired"):
            client.run("SELECT 1")


def test_an_unknown_token_is_refused_at_once(databricks: "Workspace", declared: None) -> None:
    with pytest.raises(Exception, match="Invalid access token"), connect(databricks, CATALOG, access_token="dapi0"):
        pass


def test_a_service_principal_signs_in(databricks: "Workspace", declared: None) -> None:
    from databricks.sdk.core import Config
    from databricks.sdk.credentials_provider import oauth_service_principal

    from tests.fakes.databricks_workspace.workspace import CLIENT_ID, CLIENT_SECRET

    config = Config(host=f"https://{DATABRICKS_HOST}", client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    provider = oauth_service_principal(config)
    with connect(databricks, CATALOG, access_token=None, credentials_provider=lambda: provider) as client:
        assert client.value("SELECT 1") == 1


def test_a_warehouse_of_another_id_does_not_exist(databricks: "Workspace") -> None:
    from databricks import sql

    with pytest.raises(Exception, match="does not exist"):
        sql.connect(
            server_hostname=DATABRICKS_HOST,
            http_path="/sql/1.0/warehouses/other",
            access_token=databricks.token,
            enable_telemetry=False,
            _retry_stop_after_attempts_count=1,
        )


def test_a_connection_cut_before_a_statement_leaves_nothing_done(databricks: "Workspace", warehouse: Client) -> None:
    warehouse.run("CREATE OR REPLACE TABLE silver.cut (a INT)")
    databricks.failures.cut_connection("ExecuteStatement", "INSERT INTO silver.cut", Moment.BEFORE, times=10)
    with pytest.raises(Exception, match=r"Connection|Remote end closed|retries"):
        warehouse.run("INSERT INTO silver.cut VALUES (1)")
    assert databricks.statements.matching("INSERT") == []
    assert warehouse.value("SELECT count(*) FROM silver.cut") == 0


def test_the_client_sends_a_statement_again_whose_answer_was_lost(databricks: "Workspace", warehouse: Client) -> None:
    """Why an INSERT must be one that may run twice: the first one ran, and its connection was cut."""
    warehouse.run("CREATE OR REPLACE TABLE silver.cut (a INT)")
    databricks.failures.cut_connection("ExecuteStatement", "INSERT INTO silver.cut", Moment.AFTER, times=1)
    warehouse.run("INSERT INTO silver.cut VALUES (1)")
    assert len(databricks.statements.matching("INSERT")) == 2
    assert warehouse.value("SELECT count(*) FROM silver.cut") == 2


def test_a_statement_that_takes_too_long_is_ended(databricks: "Workspace", warehouse: Client) -> None:
    databricks.failures.time_out("CROSS JOIN", seconds=2)
    with pytest.raises(Exception, match=r"QUERY_EXECUTION_TIMEOUT_EXCEEDED.*2 seconds"):
        warehouse.run(ENDLESS)
    assert warehouse.value("SELECT 1") == 1


def test_a_session_sets_its_own_limit(databricks: "Workspace", declared: None) -> None:
    limit = {"STATEMENT_TIMEOUT": "2"}
    with (
        connect(databricks, CATALOG, session_configuration=limit) as client,
        pytest.raises(Exception, match="QUERY_EXECUTION_TIMEOUT_EXCEEDED"),
    ):
        client.run(ENDLESS)


def test_a_missing_privilege_refuses_the_statement(databricks: "Workspace", warehouse: Client) -> None:
    warehouse.run("CREATE OR REPLACE TABLE silver.denied (a INT)")
    databricks.failures.deny("INSERT INTO silver.denied", "MODIFY", "Table 'silver.denied'", times=1)
    with pytest.raises(Exception, match=r"INSUFFICIENT_PERMISSIONS.*MODIFY on Table 'silver.denied'"):
        warehouse.run("INSERT INTO silver.denied VALUES (1)")
    assert warehouse.value("SELECT count(*) FROM silver.denied") == 0
    warehouse.run("INSERT INTO silver.denied VALUES (1)")
    assert warehouse.value("SELECT count(*) FROM silver.denied") == 1


def test_a_dropped_schema_takes_its_tables_and_is_unknown(databricks: "Workspace", warehouse: Client) -> None:
    databricks.lakehouse.create_schema(CATALOG, "passing")
    warehouse.run("CREATE TABLE passing.t (a INT)")
    assert databricks.lakehouse.tables(CATALOG, "passing") == ["t"]
    databricks.lakehouse.drop_schema(CATALOG, "passing")
    with pytest.raises(Exception, match="SCHEMA_NOT_FOUND"):
        warehouse.run("SELECT * FROM passing.t")
    assert not databricks.unity.schema_folder(CATALOG, "passing").exists()
    assert databricks.lakehouse.tables(CATALOG, "passing") == []
