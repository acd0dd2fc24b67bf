"""Pull request 7 from its opening to its end, as the workflow files have it: each of their lines run by a real shell.

What only GitHub, a cloud's sign-in or Docker can do is stood in for, action by action, in job_actions.py; the lines
that are not run are listed there too. Dagster+ really starts the images' code servers and runs, whose statements reach
the stand-ins for both engines.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
from platform_contract.databricks_names import DatabricksNames
from platform_contract.deployment import pull_request
from platform_contract.snowflake_names import SnowflakeNames
from platform_runtime.automation import Automation
from platform_runtime.clean_up.sensor import clean_up_sensor

from tests.fakes.dagster_plus.closures import Closure
from tests.fakes.github.repository import OWNER
from tests.fakes.github.workflow_run import WorkflowRun
from tests.github.workflow_files import steps_of, workflow
from tests.infra.engine.harness.pulumi_engine import require_engine
from tests.rehearsal.pull_requests.job_actions import SKIPPED
from tests.rehearsal.requirements import missing_packages, require_tools
from tests.rehearsal.snowflake_keys import make_key_pair

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace
    from tests.fakes.snowflake.server import SnowflakeServer
    from tests.rehearsal.pull_requests.world import World

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(1800)]

OPENED = ["checks", "infra-preview", "images", "environment"]
SUMMARY = "dbt_project/models/shop/gold/gold_customer_summary.sql"
# Somebody who never ordered asks to be forgotten.
CHANGE = "where everyone.customer_id != 'c-3'\n"


@pytest.fixture(scope="module")
def world(
    databricks_workspace: "Workspace",
    snowflake_server: "SnowflakeServer",
    cloud_network: dict[str, str],
    closures: dict[str, Closure],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator["World"]:
    engine = require_engine()
    require_tools("A pull request", missing_packages("pulumi_databricks", "pulumi_snowflake"))
    from tests.rehearsal.production.dev_stack import StandIns
    from tests.rehearsal.pull_requests.world import make_world

    stand_ins = StandIns(databricks_workspace, snowflake_server, make_key_pair())
    folder = tmp_path_factory.mktemp("pull_requests")
    with make_world(engine, stand_ins, cloud_network, closures, folder) as world:
        summary = world.origin.folder / SUMMARY
        summary.write_text(summary.read_text(encoding="utf-8") + CHANGE, encoding="utf-8")
        world.push("Leave out who asked to be forgotten")
        yield world


def lines_of(name: str) -> set[str]:
    """The `run:` lines of a workflow that are run here."""
    steps = [step for job in workflow(name)["jobs"].values() for step in steps_of(job)]
    return {step["run"] for step in steps if "run" in step} - SKIPPED.keys()


def check(world: "World", what: str, run: WorkflowRun, results: dict[str, str]) -> None:
    """The jobs ended like that, and no log shows a secret."""
    report(what, run)
    assert run.results == results, run.output()[-20000:]
    output = run.output()
    assert [secret for secret in world.secrets() if secret in output] == []


def report(what: str, run: WorkflowRun) -> None:
    """Tell a person what was run and how long it took, one job after the other."""
    print(f"\n{what}")
    for one in run.ended:
        sign = "$" if one.by_shell else "·"
        said = "" if one.by_shell else f"  ({one.output})"
        print(f"  {one.seconds:6.1f} s {sign} {one.what}{said}")


def production(world: "World") -> dict[str, Any]:
    """All of production, with something of every kind in it."""
    found = world.production()
    assert len([rows for rows in found["warehouse"].values() if rows]) >= 10
    assert len([file for file in found["weather"] if file.endswith(".parquet")]) >= 10
    assert len(found["clouds"]) > 100
    assert len(found["state"]) >= 4
    return found


def environment_run(world: "World", action: str) -> WorkflowRun:
    """What happens when the pull request is opened, or pushed to: its environment comes up, with data."""
    runs = world.happens(action, None)
    assert list(runs) == ["pull-request.yml"]
    run = runs["pull-request.yml"]
    check(world, f"pr-7 {action}", run, dict.fromkeys(OPENED, "success"))
    assert set(run.lines) == lines_of("pull-request.yml")
    return run


def abandon(world: "World", lost_after: str) -> None:
    """Its run is lost on the way, with an environment half made."""
    world.reopen()
    run = world.happens("reopened", lost_after)["pull-request.yml"]
    results = {**dict.fromkeys(OPENED, "success"), "environment": "cancelled"}
    check(world, f"pr-7 reopened, and its run lost after {lost_after}", run, results)
    assert len(world.remains()) > 40


def test_opened_pushed_to_and_closed(world: "World") -> None:
    from tests.rehearsal.pull_requests import production_data
    from tests.rehearsal.pull_requests.standing_clouds import PODS_USER

    before = production(world)
    world.reopen()
    first = world.merged
    opened = environment_run(world, "opened")

    stand_ins = world.clouds.stand_ins
    mine = production_data.warehouse_rows(stand_ins.snowflake, SnowflakeNames(pull_request(7)))
    theirs = before["warehouse"]
    summary = "ANALYTICS{}.GOLD.GOLD_CUSTOMER_SUMMARY"
    changed = mine.pop(summary.format("_PR_7"))
    assert [row[0] for row in changed] == ["c-1", "c-2"]
    assert [row[0] for row in theirs[summary.format("")]] == ["c-1", "c-2", "c-3"]
    # All else that held rows was cloned, and nothing of it built again.
    assert {name.replace("_PR_7", ""): rows for name, rows in mine.items()} == {
        name: rows for name, rows in theirs.items() if name != summary.format("")
    }
    weather = stand_ins.databricks.lakehouse.tables(DatabricksNames(pull_request(7)).catalog, "gold")
    assert weather == ["station_daily_summary", "temperature_anomalies"]

    assert world.runs() == {
        "weather_clone": {"SUCCESS"},
        "shop_clone": {"SUCCESS"},
        "flights_clone": {"SUCCESS"},
        # Of the lakehouse nothing has changed. What was built of the shop is seen where it was, with its checks.
        "shop_build": {"SUCCESS"},
    }
    # A job's token lives for minutes: what it signs in reads, and what a build takes hours for runs in pods.
    assert world.writers() == {PODS_USER}
    assert world.automation() == {
        (name, False)
        for name in (
            "shop_landing",
            "shop_refresh_schedule",
            "flights_landing",
            "flights_refresh_schedule",
            "weather_landing",
            "weather_months",
        )
    }
    built, checks = world.materialised("shop_build")
    assert built == {"shop/gold_customer_summary"}
    assert "unique_gold_customer_summary_customer_id" in checks

    (comment,) = world.github.comments[7]
    for told in (
        "[`pr-7` in Dagster+](",
        "all that stands is declared as before",
        "**shop/gold_customer_summary**: 1 removed, of 3 rows before and 2 after",
        "`weather/gold/station_daily_summary`",
    ):
        assert told in comment["body"], comment["body"]

    world.origin.folder.joinpath("README.md").write_text("Nothing of weight\n", encoding="utf-8")
    world.push("Say less")
    environment_run(world, "synchronize")
    assert [one["id"] for one in world.github.comments[7]] == [comment["id"]]
    assert "shop/gold_customer_summary" in comment["body"]
    pushed = [one.reference.partition("/data-platform/")[2] for one in world.docker.builds]
    locations = ("databricks_delta", "snowflake_medallion", "architecture_patterns")
    commits = (first, world.merged)
    assert pushed == [f"pull-requests:{location}-{commit}" for commit in commits for location in locations]

    world.close(datetime.now(UTC))
    runs = world.happens("closed", None)
    assert list(runs) == ["close.yml"]
    check(world, "pr-7 closed", runs["close.yml"], {"remove": "success"})
    assert set(runs["close.yml"].lines) == lines_of("close.yml")
    assert world.remains() == []
    assert world.production() == before
    assert len(world.github.comments[7]) == 1
    cloned, built = (opened.seconds_until(step) for step in ("clone", "build"))
    print(f"\nFrom opened to data ready: {cloned:.0f} s, with the change built {built:.0f} s.")
    print("Steps that a person takes: 1, opening the pull request.")


def test_closed_and_its_run_never_came(world: "World", monkeypatch: pytest.MonkeyPatch) -> None:
    """The sensor in production's Dagster+ has the close workflow run."""
    before = production(world)
    abandon(world, "clone")
    world.close(datetime.now(UTC) - timedelta(hours=3))
    world.github.tokens["sensor"] = {"actions": "write", "pull_requests": "read"}
    for name, value in {
        "GITHUB_API_URL": world.api,
        "PLATFORM_REPOSITORY": OWNER,
        "PLATFORM_WORKFLOW_TOKEN": "sensor",
    }.items():
        monkeypatch.setenv(name, value)
    with dg.build_sensor_context() as context:
        said = clean_up_sensor(Automation(is_on=True))(context)
    assert isinstance(said, dg.SkipReason)
    assert said.skip_message == "started the close workflow for: pr-7"
    run = world.dispatched()
    check(world, "pr-7 removed, dispatched by the sensor", run, {"remove": "success"})
    assert world.remains() == []
    assert world.production() == before


def test_forgotten_by_everybody(world: "World") -> None:
    """The nightly sweep finds it when its last day is past."""
    before = production(world)
    abandon(world, "deploy")
    world.outlive(datetime.now(UTC).date() - timedelta(days=1))
    run = world.night()
    check(
        world, "pr-7 removed by the nightly sweep", run, dict.fromkeys(("plan", "drift", "expired", "sweep"), "success")
    )
    assert set(run.lines) == lines_of("nightly.yml")
    assert world.remains() == []
    assert world.production() == before
