"""A table computed by a serverless job, through Dagster Pipes and databricks-sdk."""

import json
import os
import signal
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
from dagster._core.pipes import utils as pipes_utils
from databricks_delta.lakehouse import databricks_sql
from databricks_delta.lakehouse.databricks.warehouse_settings import WarehouseSettings
from databricks_delta.lakehouse.errors import EngineError
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.spark_job.job_failure import run_failure
from databricks_delta.spark_job.replacement import Replacement, replacement
from databricks_delta.spark_job.spark_job import SparkJob
from databricks_delta.spark_job.workspace_client import workspace_client
from platform_contract.databricks_names import DatabricksNames, Volume
from platform_contract.deployment import pull_request
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import DATABRICKS_REQUIREMENTS, require_settings

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    ANOMALIES,
    SHIPPED_DEFS,
    SILVER,
    load_defs,
    shipped_blueprint,
)
from tests.fakes.databricks_sql.sql_error import SqlError
from tests.fakes.databricks_workspace.endpoint import error_response
from tests.rehearsal.databricks.client import Client, connect
from tests.rehearsal.hosts import DATABRICKS_HOST

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.jobs_api import JobRun
    from tests.fakes.databricks_workspace.workspace import Workspace

pytestmark = pytest.mark.slow

DEPLOYMENT = pull_request(6102)
NAMES = DatabricksNames(DEPLOYMENT)
AT_ONCE = WarehouseSettings(NAMES.catalog, DEPLOYMENT.name, 60, 60, attempts=1, retry_pause_seconds=0.1)
CODE = NAMES.volume_path(Volume.CODE)
KEY = dg.AssetKey(["weather", *ANOMALIES.split(".")])
FEBRUARY = PeriodRange("2013-02", "2013-02")

# A reading at six o'clock each day, warm and cold by turns, and one of 3 February that is neither.
DAYS = [datetime(2013, 1, 5, 6, tzinfo=UTC) + timedelta(days=number) for number in range(32)]
OUTLIER = datetime(2013, 2, 3, 6, tzinfo=UTC)
TEMPERATURES = {day: 20.0 if day == OUTLIER else 10.0 + 2 * (number % 2) for number, day in enumerate(DAYS)}
COMPARED = [celsius for day, celsius in TEMPERATURES.items() if day < OUTLIER]


@pytest.fixture(scope="module")
def deployment(databricks_workspace: "Workspace", cloud_network: dict[str, str]) -> Iterator[None]:
    """What infrastructure makes of a deployment, and the readings in its silver table."""
    lakehouse = databricks_workspace.lakehouse
    lakehouse.create_catalog(NAMES.catalog, None)
    for schema in NAMES.schemas:
        lakehouse.create_schema(NAMES.catalog, schema)
    for volume in Volume:
        lakehouse.create_volume(NAMES.catalog, "ops", volume.value)
    with pytest.MonkeyPatch.context() as patched:
        for name, value in cloud_network.items():
            patched.setenv(name, value)
        with connect(databricks_workspace, NAMES.catalog) as client:
            fill_silver(client)
    yield
    lakehouse.drop_catalog(NAMES.catalog)


def fill_silver(client: Client) -> None:
    client.run(databricks_sql.create_table(shipped_blueprint().tables[SILVER]))
    rows = ", ".join(
        f"('EWR', TIMESTAMP '{day:%Y-%m-%d %H:%M:%S}Z', {celsius}D, '{day:%Y-%m}')"
        for day, celsius in TEMPERATURES.items()
    )
    client.run(f"INSERT INTO {SILVER} (station, observed_at, temp_c, _month) VALUES {rows}")


@pytest.fixture
def signed_in(databricks: "Workspace", deployment: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment of a run in that deployment; the token that it holds."""
    token = databricks.tokens.issue()
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", DEPLOYMENT.name)
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")
    monkeypatch.setenv("DATABRICKS_SERVER_HOSTNAME", DATABRICKS_HOST)
    monkeypatch.setenv("DATABRICKS_HTTP_PATH", databricks.http_path)
    monkeypatch.setenv("DATABRICKS_TOKEN", token)
    return token


@pytest.fixture
def no_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a job that never started or was ended from outside, Pipes waits ten seconds for words that do not come."""
    monkeypatch.setattr(pipes_utils, "WAIT_FOR_LOGS_AFTER_EXECUTION_INTERVAL", 0)
    monkeypatch.setattr(pipes_utils, "WAIT_FOR_LOGS_TIMEOUT", 0)


@pytest.fixture
def table(signed_in: str, databricks: "Workspace") -> Iterator[Client]:
    """A session that looks at what a job wrote; the table is there, with no rows."""
    with connect(databricks, NAMES.catalog) as client:
        client.run(databricks_sql.create_table(shipped_blueprint().tables[ANOMALIES]))
        client.run(f"DELETE FROM {ANOMALIES}")
        yield client


def run_of_february() -> Replacement:
    target = next(table for table in shipped_blueprint().period_tables if table.table.full_name == ANOMALIES)
    return replacement(NAMES.catalog, target, FEBRUARY)


@dataclass
class Materialised:
    """How a run of the job alone ended; `log` is every event and log line of it, with its data."""

    result: dg.ExecuteInProcessResult
    log: str

    @property
    def failure(self) -> Any:
        """The error of the step: what the code location raised."""
        (failed,) = self.result.get_step_failure_events()
        error = failed.step_failure_data.error
        assert error is not None
        return error.cause or error


def logged(instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult) -> str:
    return "\n".join(str(entry) for entry in instance.all_logs(result.run_id))


def materialise(replaced: Replacement, timeout: timedelta) -> Materialised:
    settings = require_settings(os.environ, DATABRICKS_REQUIREMENTS, "the test")

    @dg.asset(name="anomalies")
    def anomalies(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        SparkJob(workspace_client(settings), CODE, timeout, None, AT_ONCE).run(context, replaced)
        return dg.MaterializeResult()

    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([anomalies], instance=instance, raise_on_error=False)
        return Materialised(result, logged(instance, result))


def materialise_february_as_declared() -> Materialised:
    """A run of the shipped asset, as its location makes it."""
    with dg.DagsterInstance.ephemeral() as instance:
        job = load_defs(SHIPPED_DEFS).resolve_implicit_global_asset_job_def()
        result = job.execute_in_process(
            instance=instance, asset_selection=[KEY], partition_key="2013-02", raise_on_error=False
        )
        return Materialised(result, logged(instance, result))


def once_it_runs(databricks: "Workspace", act: Callable[["JobRun"], object]) -> threading.Thread:
    """Do something to the next job as soon as its script has started."""
    known = set(databricks.jobs.runs)

    def wait() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            started = [run for key, run in list(databricks.jobs.runs.items()) if key not in known and run.script]
            if started:
                # By then its client knows that it was submitted; the script itself imports Spark for longer.
                time.sleep(1)
                act(started[0])
                return
            time.sleep(0.05)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def test_a_declared_table_is_replaced_by_a_job_and_says_what_the_job_did(
    table: Client, databricks: "Workspace", signed_in: str
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        job = load_defs(SHIPPED_DEFS).resolve_implicit_global_asset_job_def()
        result = job.execute_in_process(instance=instance, asset_selection=[KEY], partition_key="2013-02")
        events = logged(instance, result)
    (materialised,) = result.asset_materializations_for_node("weather_gold_temperature_anomalies")
    metadata: dict[str, Any] = {name: value.value for name, value in materialised.metadata.items()}
    assert (metadata["job_rows"], metadata["dagster/row_count"]) == (1, 1)
    assert metadata["job_delta_version"] == metadata["delta_version"]
    assert metadata["job_seconds"] > 0
    assert metadata["Databricks Job Run URL"].startswith("https://")
    assert f"{ANOMALIES}: 1 rows in 2013-02, version {metadata['delta_version']}" in events
    assert signed_in not in events

    mean, deviation = statistics.mean(COMPARED), statistics.stdev(COMPARED)
    (row,) = table.run(f"SELECT * FROM {ANOMALIES}")
    assert row[:3] == ("EWR", OUTLIER, 20.0)
    assert row[3:6] == pytest.approx((mean, deviation, (20.0 - mean) / deviation))
    assert row[6] == "2013-02"

    submitted = databricks.jobs.runs[int(metadata["Databricks Job Run ID"])].submitted
    assert submitted["environments"] == [
        {
            "environment_key": "serverless",
            "spec": {"environment_version": "4", "dependencies": [f"dagster-pipes=={version('dagster-pipes')}"]},
        }
    ]
    assert submitted["run_name"] == f"{ANOMALIES}, 2013-02 (Dagster run {result.run_id})"
    assert submitted["timeout_seconds"] == 2 * 3600
    assert len(submitted["idempotency_token"]) == 64
    assert signed_in not in json.dumps(submitted)
    folder = databricks.unity.volumes_root / NAMES.catalog / "ops" / "code"
    (script,) = folder.glob("*.py")
    assert submitted["tasks"][0]["spark_python_task"]["python_file"] == f"{CODE}/{script.name}"
    # Pipes takes away what it exchanged.
    assert list((folder / "tmp").iterdir()) == []


def test_a_script_that_is_stored_is_not_stored_again_and_a_failing_one_writes_nothing(
    table: Client, databricks: "Workspace"
) -> None:
    databricks.failures.deny("INSERT INTO gold", "MODIFY", f"Table '{NAMES.catalog}.{ANOMALIES}'", times=1)
    first = materialise(run_of_february(), timedelta(minutes=5))
    assert first.failure.cls_name == EngineError.__name__
    lines = first.failure.message.splitlines()
    assert "Grant what is missing by infrastructure" in lines[0]
    assert "User does not have MODIFY on Table" in lines[1]
    assert "external process pipes closed with exception" in first.log
    assert table.value(f"SELECT count(*) FROM {ANOMALIES}") == 0
    (script,) = (databricks.unity.volumes_root / NAMES.catalog / "ops" / "code").glob("*.py")
    stored_at = script.stat().st_mtime_ns
    again = materialise(run_of_february(), timedelta(minutes=5))
    assert again.result.success, again.failure.message
    assert script.stat().st_mtime_ns == stored_at
    assert table.value(f"SELECT count(*) FROM {ANOMALIES}") == 1


def test_a_value_that_a_job_fails_on_reaches_no_event(table: Client) -> None:
    broken = f"DELETE FROM {ANOMALIES} WHERE CAST(concat('Zaphod', ' ', 'Quillfeather') AS INT) = 1"
    failed = materialise(replace(run_of_february(), statement=broken), timedelta(minutes=5))
    assert "Compare the SQL with the columns" in failed.failure.message
    assert "CAST_INVALID_INPUT" in failed.failure.message
    assert "external process pipes closed with exception" in failed.log
    assert "Quillfeather" not in f"{failed.failure}{failed.log}"


def test_a_job_names_the_budget_policy_that_an_account_demands(
    table: Client, databricks: "Workspace", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databricks.jobs, "budget_policies", {"policy-of-dev"})
    refused = materialise_february_as_declared()
    assert "DATABRICKS_BUDGET_POLICY_ID" in refused.failure.message.splitlines()[0]
    assert "needs a budget_policy_id" in refused.failure.message
    monkeypatch.setenv("DATABRICKS_BUDGET_POLICY_ID", "policy-of-another")
    refused = materialise_february_as_declared()
    assert "Budget policy policy-of-another does not exist, or the user may not use it" in refused.failure.message
    monkeypatch.setenv("DATABRICKS_BUDGET_POLICY_ID", "policy-of-dev")
    done = materialise_february_as_declared()
    assert done.result.success, done.failure.message
    assert databricks.jobs.runs[max(databricks.jobs.runs)].submitted["budget_policy_id"] == "policy-of-dev"


def test_a_job_that_another_writer_beat_runs_again(table: Client, databricks: "Workspace") -> None:
    conflict = SqlError("DELTA_CONCURRENT_APPEND", "Files were added by a concurrent update.", "2D521")
    databricks.failures.refuse("INSERT INTO gold", conflict, times=1)
    before = len(databricks.jobs.runs)
    ended = materialise_february_as_declared()
    assert ended.result.success, ended.failure.message
    assert [databricks.jobs.runs[key].result for key in sorted(databricks.jobs.runs)[before:]] == ["FAILED", "SUCCESS"]
    assert table.value(f"SELECT count(*) FROM {ANOMALIES}") == 1


@pytest.mark.usefixtures("no_last_words")
def test_a_job_that_somebody_cancels_fails_the_run(table: Client, databricks: "Workspace") -> None:
    from databricks.sdk import WorkspaceClient

    client = WorkspaceClient(host=f"https://{DATABRICKS_HOST}", token=databricks.token, auth_type="pat")

    def cancel() -> None:
        client.jobs.cancel_run(max(databricks.jobs.runs))
        time.sleep(1)

    databricks.failures.do_before("INSERT INTO gold", cancel)
    ended = materialise(run_of_february(), timedelta(minutes=5))
    assert "Materialise the periods again: somebody cancelled the job in Databricks" in ended.failure.message
    assert table.value(f"SELECT count(*) FROM {ANOMALIES}") == 0


@pytest.mark.usefixtures("no_last_words")
def test_a_job_that_takes_too_long_fails_the_run(table: Client, databricks: "Workspace") -> None:
    databricks.failures.do_before("INSERT INTO gold", lambda: time.sleep(3))
    ended = materialise(run_of_february(), timedelta(seconds=1))
    assert (
        "Replace fewer periods in a run, or raise the table's timeout_minutes" in ended.failure.message.splitlines()[0]
    )
    assert table.value(f"SELECT count(*) FROM {ANOMALIES}") == 0


@pytest.mark.usefixtures("no_last_words")
def test_a_run_that_is_terminated_cancels_its_job(table: Client, databricks: "Workspace") -> None:
    terminator = once_it_runs(databricks, lambda _: os.kill(os.getpid(), signal.SIGINT))
    ended = materialise(run_of_february(), timedelta(minutes=5))
    terminator.join(10)
    assert ended.failure.cls_name == dg.DagsterExecutionInterruptedError.__name__
    newest = databricks.jobs.runs[max(databricks.jobs.runs)]
    assert newest.result == "CANCELED"
    assert newest.script is not None
    assert newest.script.wait(10) == -signal.SIGKILL


@dataclass(frozen=True)
class Refused:
    request: str
    status: int
    code: str
    advice: str


@pytest.mark.usefixtures("no_last_words")
@pytest.mark.parametrize(
    "refused",
    [
        Refused("HEAD /api/2.0/fs/files", 403, "PERMISSION_DENIED", "Grant what is missing by infrastructure"),
        Refused("POST .*/runs/submit", 403, "PERMISSION_DENIED", "Grant what is missing by infrastructure"),
        Refused("PUT /api/2.0/fs/directories", 404, "NOT_FOUND", "Apply the infrastructure of this deployment"),
        Refused("POST .*/runs/submit", 400, "INVALID_PARAMETER_VALUE", "See that serverless jobs can run"),
        Refused("HEAD /api/2.0/fs/files", 401, "UNAUTHENTICATED", "Renew the credential of this deployment"),
    ],
    ids=lambda refused: f"{refused.status} {refused.request}",
)
def test_a_refused_request_says_what_to_do(signed_in: str, databricks: "Workspace", refused: Refused) -> None:
    response = error_response(refused.status, refused.code, "the workspace's own words")
    databricks.failures.refuse_request(refused.request, response, times=1)
    ended = materialise(run_of_february(), timedelta(minutes=5))
    assert refused.advice in ended.failure.message.splitlines()[0]
    assert signed_in not in ended.log


def test_a_service_principal_that_is_not_let_in_is_told_so(signed_in: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABRICKS_TOKEN")
    monkeypatch.setenv("DATABRICKS_CLIENT_ID", "pipeline-client-id")
    monkeypatch.setenv("DATABRICKS_CLIENT_SECRET", "planted-secret")
    settings = {variable: os.environ[variable] for variable in EnvironmentVariable if variable in os.environ}
    with pytest.raises(
        EngineError, match=r"^Renew the credential of this deployment, .*DATABRICKS_CLIENT_SECRET"
    ) as refused:
        workspace_client(settings)
    assert "planted-secret" not in str(refused.value)


def test_a_job_that_never_started_points_to_the_workspace(signed_in: str) -> None:
    from databricks.sdk.service.jobs import Run

    state = {"life_cycle_state": "INTERNAL_ERROR", "state_message": "Serverless compute is not enabled."}
    failed = run_failure(run_of_february(), Run.from_dict({"run_page_url": "https://w/#job/1", "state": state}), "")
    assert str(failed).splitlines() == [
        "See that serverless jobs can run in the workspace, then materialise the periods again.",
        f"{ANOMALIES}, 2013-02, job run https://w/#job/1: Serverless compute is not enabled.",
    ]
