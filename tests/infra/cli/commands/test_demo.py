import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner, Result
from dagster._core.test_utils import poll_for_finished_run
from dagster._core.workspace.load import load_workspace_process_context_from_yaml_paths
from dagster_graphql.test.utils import execute_dagster_graphql
from platform_cli.main import main
from platform_contract.environment_variables import EnvironmentVariable

from tests.fakes.small_checkout import write_small_checkout

pytestmark = pytest.mark.slow

MONTHS = ("2013-01", "2013-02", "2013-03")

FAILING = {
    "failing_asset": """
import dagster as dg


@dg.asset(key=["stock", "items"], group_name="gold")
def items() -> None:
    raise ValueError("2018-09.csv: no column store_id")


@dg.asset(key=["stock", "shelves"], deps=[items], group_name="gold")
def shelves() -> None: ...


defs = dg.Definitions(assets=[items, shelves])
""",
    "failing_check": """
import dagster as dg


@dg.asset(key=["till", "orders"], group_name="gold")
def orders() -> None: ...


@dg.asset_check(asset=orders)
def total_is_right() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, description="787,590.72 and not 787,590.73")


defs = dg.Definitions(assets=[orders], asset_checks=[total_is_right])
""",
    "unloadable": "import a_module_that_is_not_there\n",
    "dying": "import os\n\nos._exit(7)\n",
}

# It says that it runs, and then does not end.
ENDLESS = """
import time
from pathlib import Path

import dagster as dg


@dg.asset(key=["shop", "orders"], pool="till")
def orders() -> None:
    Path("running").touch()
    time.sleep(600)


defs = dg.Definitions(assets=[orders])
"""

FAILURE = dg.DagsterRunStatus.FAILURE

REEXECUTE = """
mutation ($parent: String!) {
  launchRunReexecution(reexecutionParams: {parentRunId: $parent, strategy: ALL_STEPS}) {
    __typename
    ... on LaunchRunSuccess { run { runId parentRunId } }
    ... on PythonError { message }
  }
}
"""


def rows_of_table(output: str) -> dict[str, list[str]]:
    """The cells of each line of the closing table, without its seconds."""
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in output.splitlines() if line.startswith("│")]
    return {cells[1]: [cells[0], *cells[2:-1]] for cells in lines}


def home_of(checkout: Path, deployment: str) -> Path:
    return checkout / ".local" / deployment


@contextmanager
def instance_of(checkout: Path, deployment: str) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home_of(checkout, deployment) / "dagster")) as instance:
        yield instance


RAIN = {
    "rain/bronze": ["rain", "bronze", "70", "4", "-"],
    # 20 + 21 + 22 rows in three partitions.
    "rain/silver": ["rain", "silver", "63", "-", "1 passed, 1 warned"],
}
SHOP = {"shop/orders": ["shop", "gold", "1,234", "-", "-"]}


@dataclass(frozen=True)
class Built:
    """A checkout in which the demo has run, and what it said."""

    checkout: Path
    first: Result


def demo_in(checkout: Path) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(checkout)
        for variable in EnvironmentVariable:
            patch.delenv(variable, raising=False)
        return Built(checkout, CliRunner().invoke(main, ["demo"]))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    checkout = tmp_path_factory.mktemp("built") / "checkout"
    write_small_checkout(checkout)
    return demo_in(checkout)


@pytest.fixture
def inside(built: Built, monkeypatch: pytest.MonkeyPatch) -> Built:
    """The same, as working directory."""
    monkeypatch.chdir(built.checkout)
    monkeypatch.delenv("PLATFORM_LOCAL_ROOT")
    return built


def test_demo_builds_everything_and_says_so(built: Built) -> None:
    assert built.first.exit_code == 0, built.first.output
    assert rows_of_table(built.first.output) == RAIN | SHOP
    assert "gauges: 1 files landed" in built.first.output
    assert "make dev" in built.first.output
    assert (home_of(built.checkout, "local") / "landing" / "gauges" / "2013-01.csv").is_file()


# Each reads what the other makes: `sea` the readings of `tower`, and `tower` the levels of `sea`.
SEA = """
from pathlib import Path

import dagster as dg


@dg.asset(key=["sea", "levels"], group_name="raw", deps=[dg.AssetKey(["tower", "readings"])])
def levels() -> None:
    assert Path("readings").exists()
    Path("levels").touch()


@dg.asset(key=["sea", "ships"], group_name="raw")
def ships() -> None: ...


defs = dg.Definitions(assets=[levels, ships])
"""
TOWER = """
import time
from pathlib import Path

import dagster as dg


@dg.asset(key=["tower", "readings"], group_name="raw")
def readings() -> None:
    time.sleep(2)
    Path("readings").touch()


@dg.asset(key=["tower", "warnings"], group_name="gold", deps=[dg.AssetKey(["sea", "levels"])])
def warnings() -> None:
    assert Path("levels").exists()


defs = dg.Definitions(assets=[readings, warnings])
"""


def write_sea_and_tower(checkout: Path, tower: str) -> None:
    workspace = checkout / "workspace.yaml"
    with workspace.open("a", encoding="utf-8") as file:
        for name, code in {"sea": SEA, "tower": tower}.items():
            (checkout / f"{name}.py").write_text(code, encoding="utf-8")
            file.write(f"  - python_file: {{relative_path: {name}.py, location_name: {name}}}\n")


def test_what_reads_a_table_of_another_location_is_made_after_it(
    small_checkout: Path, platform: Callable[..., Result]
) -> None:
    write_sea_and_tower(small_checkout, TOWER)
    done = platform("demo")
    assert done.exit_code == 0, done.output
    assert {"sea/levels", "sea/ships", "tower/readings", "tower/warnings"} <= rows_of_table(done.output).keys()


def test_a_location_that_does_not_load_keeps_no_other_waiting(
    small_checkout: Path, platform: Callable[..., Result]
) -> None:
    write_sea_and_tower(small_checkout, "import a_module_that_is_not_there\n")
    (small_checkout / "readings").touch()
    done = platform("demo")
    assert done.exit_code == 1
    assert {"sea/levels", "sea/ships"} <= rows_of_table(done.output).keys()


def test_what_assets_print_is_in_a_log(built: Built) -> None:
    log = (home_of(built.checkout, "local") / "logs" / "rain.log").read_text(encoding="utf-8")
    assert "printed by the silver asset" in log
    assert "printed by the silver asset" not in built.first.output


def test_a_run_of_the_demo_can_be_executed_again_from_the_ui(inside: Built) -> None:
    """By the mutation that the UI sends; the queue's daemon is not running, so the test launches what it queued."""
    with (
        instance_of(inside.checkout, "local") as instance,
        load_workspace_process_context_from_yaml_paths(instance, ["workspace.yaml"]) as workspace,
    ):
        runs = {run.remote_job_origin.location_name: run for run in instance.get_runs() if run.remote_job_origin}
        assert {run.status for run in runs.values()} == {dg.DagsterRunStatus.SUCCESS}
        context = workspace.create_request_context()
        answer = execute_dagster_graphql(context, REEXECUTE, variables={"parent": runs["rain"].run_id})
        launched = answer.data["launchRunReexecution"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        assert launched["run"]["parentRunId"] == runs["rain"].run_id
        instance.launch_run(launched["run"]["runId"], context)
        again = poll_for_finished_run(instance, launched["run"]["runId"], timeout=120)
        assert again.status is dg.DagsterRunStatus.SUCCESS
        assert again.asset_selection == {dg.AssetKey(["rain", "bronze"]), dg.AssetKey(["rain", "silver"])}
        silver = instance.fetch_materializations(dg.AssetKey(["rain", "silver"]), limit=10).records
    assert {record.partition_key for record in silver if record.run_id == again.run_id} == set(MONTHS)


def test_a_second_demo_shows_the_same_counts(inside: Built, platform: Callable[..., Result]) -> None:
    second = platform("demo")
    assert second.exit_code == 0
    assert "gauges: 0 files landed, 1 already there" in second.output
    assert rows_of_table(second.output) == rows_of_table(inside.first.output)


def test_another_deployment_is_built_beside_and_leaves_local_untouched(
    inside: Built, platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(inside.checkout, "local")
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "pr-7")
    done = platform("demo")
    assert done.exit_code == 0
    assert "PLATFORM_DEPLOYMENT=pr-7 make dev" in done.output
    assert snapshot(inside.checkout, "local") == before
    with instance_of(inside.checkout, "pr-7") as instance:
        assert len(instance.get_runs()) == 2


def snapshot(checkout: Path, deployment: str) -> tuple[dict[Path, tuple[int, bytes]], dict[str, int]]:
    """Every file as it is, and every run with the number of its events.

    Dagster's SQLite files are read through Dagster: a connection that is collected folds a journal into its database,
    whenever that happens.
    """
    files = [file for file in home_of(checkout, deployment).rglob("*") if file.is_file() and ".db" not in file.name]
    with instance_of(checkout, deployment) as instance:
        events = {run.run_id: len(instance.all_logs(run.run_id)) for run in instance.get_runs()}
    return {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in files}, events


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A demo in which one location is right and every other fails in its own way."""
    checkout = tmp_path_factory.mktemp("failed") / "checkout"
    write_small_checkout(checkout)
    workspace = checkout / "workspace.yaml"
    with workspace.open("a", encoding="utf-8") as file:
        for name, code in FAILING.items():
            (checkout / f"{name}.py").write_text(code, encoding="utf-8")
            file.write(f"  - python_file: {{relative_path: {name}.py, location_name: {name}}}\n")
    return demo_in(checkout)


def test_a_failure_is_exit_code_1_and_the_other_locations_are_built(failed: Built) -> None:
    assert failed.first.exit_code == 1
    assert f"What each code location printed is in {home_of(failed.checkout, 'local') / 'logs'}" in failed.first.output
    built = rows_of_table(failed.first.output)
    assert built.pop("till/orders") == ["failing_check", "gold", "-", "-", "0 passed, 1 failed"]
    assert built == RAIN | SHOP


@pytest.mark.parametrize(
    "reason",
    [
        "failing_asset: step stock__items failed\n  ValueError: 2018-09.csv: no column store_id\n",
        "till/orders: check total_is_right failed\n  787,590.72 and not 787,590.73\n",
        "unloadable: the code location failed\n  ModuleNotFoundError: No module named 'a_module_that_is_not_there'\n",
        "dying: its process failed\n  ended with exit code 7 before all was built\n",
    ],
)
def test_every_failure_is_named_with_its_reason(failed: Built, reason: str) -> None:
    assert reason in failed.first.output


def test_a_demo_on_the_cloud_is_refused(
    small_checkout: Path, platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "dev")
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")
    refused = platform("demo")
    assert refused.exit_code == 2
    assert "PLATFORM_DEMO_MODE is false: unset it here" in refused.output
    assert not (small_checkout / ".local").exists()


@pytest.fixture
def endless_demo(small_checkout: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A demo whose shop is running and does not end."""
    (small_checkout / "shop.py").write_text(ENDLESS, encoding="utf-8")
    script = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    script += "from platform_cli.main import main; main(['demo'])"
    demo = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(small_checkout / "running")
        yield demo
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGKILL)
        demo.wait(10)


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 120
    while not file.exists():
        assert time.monotonic() < deadline, f"{file} did not appear"
        time.sleep(0.1)


def test_a_killed_demo_leaves_neither_an_unfinished_run_nor_a_taken_slot(
    small_checkout: Path, platform: Callable[..., Result], endless_demo: subprocess.Popen[bytes]
) -> None:
    os.killpg(endless_demo.pid, signal.SIGKILL)
    endless_demo.wait(10)
    with instance_of(small_checkout, "local") as instance:
        (killed,) = [run for run in instance.get_runs() if location_of(run) == "shop"]
        assert killed.status is dg.DagsterRunStatus.STARTED
        assert instance.event_log_storage.get_concurrency_info("till").active_run_ids == {killed.run_id}

        (small_checkout / "shop.py").write_text(ENDLESS.replace("time.sleep(600)", ""), encoding="utf-8")
        assert platform("demo").exit_code == 0
        assert {run.status for run in instance.get_runs() if run.run_id == killed.run_id} == {FAILURE}


def test_an_interrupted_demo_ends_its_runs(small_checkout: Path, endless_demo: subprocess.Popen[bytes]) -> None:
    os.killpg(endless_demo.pid, signal.SIGINT)
    assert endless_demo.wait(60) == 1
    with instance_of(small_checkout, "local") as instance:
        assert {run.status for run in instance.get_runs() if location_of(run) == "shop"} == {FAILURE}
        assert all(run.is_finished for run in instance.get_runs())
        assert not instance.event_log_storage.get_concurrency_info("till").active_run_ids


def location_of(run: dg.DagsterRun) -> str | None:
    return run.remote_job_origin.location_name if run.remote_job_origin else None
