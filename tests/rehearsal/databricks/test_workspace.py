"""Files and jobs of the workspace, through databricks-sdk and Dagster Pipes."""

import io
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest

from tests.rehearsal.databricks.client import Client
from tests.rehearsal.databricks.conftest import CATALOG
from tests.rehearsal.hosts import DATABRICKS_HOST

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

pytestmark = pytest.mark.slow

CODE = f"/Volumes/{CATALOG}/ops/code"

SCRIPT = """
import os, sys
from pathlib import Path

from dagster_pipes import (
    PipesCliArgsParamsLoader,
    PipesUnityCatalogVolumesContextLoader,
    PipesUnityCatalogVolumesMessageWriter,
    open_dagster_pipes,
)
from pyspark.sql import SparkSession

catalog = sys.argv[1]
with open_dagster_pipes(
    params_loader=PipesCliArgsParamsLoader(),
    context_loader=PipesUnityCatalogVolumesContextLoader(),
    message_writer=PipesUnityCatalogVolumesMessageWriter(),
) as pipes:
    spark = SparkSession.builder.getOrCreate()
    source = spark.read.table(f"{catalog}.silver.numbers")
    for _ in range(2):
        # Databricks and open Delta alike write one version of one application once.
        writer = source.selectExpr("id * 2 AS id").write.mode("append")
        writer.option("txnAppId", "doubling").option("txnVersion", 1).saveAsTable(f"{catalog}.bronze.doubled")
    spark.sql(f"USE CATALOG {catalog}")
    rows = spark.sql("SELECT count(*) AS rows FROM bronze.doubled").first().rows
    landed = spark.read.option("header", True).csv(f"/Volumes/{catalog}/ops/landing/job/in.csv").count()
    Path(f"/Volumes/{catalog}/ops/landing/job/out.txt").write_text(str(landed))
    pipes.report_asset_materialization(
        metadata={"rows": rows, "landed": landed, "secret": os.environ.get("PLANTED_SECRET", "out of reach")}
    )
"""


@pytest.fixture
def client(databricks: "Workspace", declared: None) -> Any:
    """databricks-sdk, which trusts the workspace by its environment alone; its types call every field optional."""
    from databricks.sdk import WorkspaceClient

    return WorkspaceClient(host=f"https://{DATABRICKS_HOST}", token=databricks.token, auth_type="pat")


def submit(client: Any, name: str, script: str, **options: Any) -> Any:
    """Store a script in the code volume and run it."""
    from databricks.sdk.service import compute, jobs

    client.files.upload(f"{CODE}/{name}", io.BytesIO(script.encode()), overwrite=True)
    task = jobs.SubmitTask(
        task_key="only",
        environment_key="serverless",
        spark_python_task=jobs.SparkPythonTask(python_file=f"{CODE}/{name}"),
    )
    environment = jobs.JobEnvironment("serverless", compute.Environment(client="4"))
    return client.jobs.submit(tasks=[task], environments=[environment], **options)


def final_state(client: Any, run_id: int) -> Any:
    """The state of a run once it is over, within a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        state = client.jobs.get_run(run_id).state
        if state.life_cycle_state.value in {"TERMINATED", "INTERNAL_ERROR"}:
            return state
        time.sleep(0.2)
    raise TimeoutError(f"run {run_id} is not over")


def test_files_go_up_and_down_and_are_listed(client: Any, databricks: "Workspace") -> None:
    folder = f"/Volumes/{CATALOG}/ops/landing/uploads"
    client.files.upload(f"{folder}/a b.csv", io.BytesIO(b"x\n1\n"), overwrite=False)
    with pytest.raises(Exception, match="already exists"):
        client.files.upload(f"{folder}/a b.csv", io.BytesIO(b"other"), overwrite=False)
    (entry,) = client.files.list_directory_contents(folder)
    assert (entry.name, entry.file_size, entry.is_directory) == ("a b.csv", 4, False)
    assert client.files.download(f"{folder}/a b.csv").contents.read() == b"x\n1\n"
    local = databricks.unity.volumes_root / CATALOG / "ops" / "landing" / "uploads" / "a b.csv"
    assert local.read_bytes() == b"x\n1\n"
    with pytest.raises(Exception, match="not empty"):
        client.files.delete_directory(folder)
    client.files.delete(f"{folder}/a b.csv")
    client.files.delete_directory(folder)
    with pytest.raises(Exception, match="Not Found"):
        client.files.get_directory_metadata(folder)


@pytest.mark.parametrize(
    "path", ["/Volumes/elsewhere/ops/landing/x", f"/Volumes/{CATALOG}/ops/landing/../../../../x", "/tmp/x"]
)
def test_files_live_in_declared_volumes_only(client: Any, path: str) -> None:
    with pytest.raises(Exception, match=r"UC_VOLUME_NOT_FOUND|Invalid path"):
        client.files.upload(path, io.BytesIO(b"x"), overwrite=True)


def test_pipes_runs_a_script_on_the_warehouses_tables(
    client: Any, databricks: "Workspace", warehouse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dagster_databricks.pipes import PipesDatabricksServerlessClient, PipesUnityCatalogVolumesMessageReader
    from databricks.sdk.service import compute, jobs

    monkeypatch.setenv("PLANTED_SECRET", "planted-value")
    volume = f"/Volumes/{CATALOG}/ops/landing"
    warehouse.run("CREATE OR REPLACE TABLE silver.numbers AS SELECT id FROM range(10)")
    warehouse.run("DROP TABLE IF EXISTS bronze.doubled")
    client.files.upload(f"{volume}/job/in.csv", io.BytesIO(b"a\n1\n2\n3\n"), overwrite=True)
    client.files.upload(f"{CODE}/doubling.py", io.BytesIO(SCRIPT.encode()), overwrite=True)

    @dg.asset
    def doubled(context: dg.AssetExecutionContext, pipes: dg.ResourceParam[PipesDatabricksServerlessClient]) -> Any:
        task = jobs.SubmitTask(
            task_key="doubling",
            environment_key="serverless",
            spark_python_task=jobs.SparkPythonTask(python_file=f"{CODE}/doubling.py", parameters=[CATALOG]),
        )
        environments = [jobs.JobEnvironment("serverless", compute.Environment(client="4"))]
        done = pipes.run(context=context, task=task, submit_args={"environments": environments})
        return done.get_materialize_result()

    reader = PipesUnityCatalogVolumesMessageReader(interval=0.5, client=client, volume_path=volume)
    resource = PipesDatabricksServerlessClient(client, volume, message_reader=reader, poll_interval_seconds=0.5)
    result = dg.materialize([doubled], resources={"pipes": resource})
    metadata = result.asset_materializations_for_node("doubled")[0].metadata
    assert (metadata["rows"].value, metadata["landed"].value) == (10, 3)
    assert warehouse.value("SELECT sum(id) FROM bronze.doubled") == 90
    assert (databricks.unity.volumes_root / CATALOG / "ops" / "landing" / "job" / "out.txt").read_text() == "3"
    assert metadata["secret"].value == "out of reach"
    # Pipes cleans up behind itself.
    assert list(client.files.list_directory_contents(f"{volume}/tmp")) == []


def test_a_script_that_fails_ends_its_run_with_its_last_words(client: Any) -> None:
    run = submit(client, "failing.py", "print('begun')\nraise ValueError('no such month')")
    state = final_state(client, run.run_id)
    assert state.result_state.value == "FAILED"
    assert "ValueError: no such month" in state.state_message
    assert "begun" in client.jobs.get_run_output(run.run_id).logs


def test_a_script_reaches_declared_names_only(client: Any) -> None:
    script = (
        "from pyspark.sql import SparkSession\n"
        "spark = SparkSession.builder.getOrCreate()\n"
        "spark.read.table('platform_elsewhere.silver.numbers').show()\n"
    )
    state = final_state(client, submit(client, "straying.py", script).run_id)
    assert "NO_SUCH_CATALOG_EXCEPTION" in state.state_message


def test_a_run_is_submitted_once_for_each_token(client: Any) -> None:
    run = submit(client, "there.py", "pass", idempotency_token="once")
    assert submit(client, "there.py", "pass", idempotency_token="once").run_id == run.run_id
    assert final_state(client, run.run_id).result_state.value == "SUCCESS"


@pytest.fixture
def sleeping(client: Any, databricks: "Workspace") -> Iterator[int]:
    """A run whose script sleeps, once it does."""
    run = submit(client, "sleeping.py", "import time\nprint('asleep')\ntime.sleep(300)")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        script = databricks.jobs.runs[run.run_id].script
        if script is not None and "asleep" in script.output:
            break
        time.sleep(0.1)
    yield run.run_id
    client.jobs.cancel_run(run.run_id)


def test_a_cancelled_run_ends_its_process(client: Any, databricks: "Workspace", sleeping: int) -> None:
    client.jobs.cancel_run(sleeping)
    assert final_state(client, sleeping).result_state.value == "CANCELED"
    script = databricks.jobs.runs[sleeping].script
    assert script is not None
    assert script.wait(10) == -9


def test_a_run_without_environment_is_refused(client: Any) -> None:
    from databricks.sdk.service import jobs

    task = jobs.SubmitTask(task_key="only", spark_python_task=jobs.SparkPythonTask(python_file=f"{CODE}/x.py"))
    with pytest.raises(Exception, match="environment_key"):
        client.jobs.submit(tasks=[task])


def test_the_warehouse_is_described_and_started(client: Any, databricks: "Workspace") -> None:
    (warehouse,) = client.warehouses.list()
    databricks.power.stop(refusals=None)
    assert client.warehouses.get(warehouse.id).state.value == "STOPPED"
    client.warehouses.start(warehouse.id)
    assert client.warehouses.get(warehouse.id).state.value == "RUNNING"
