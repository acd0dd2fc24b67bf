import os
from collections.abc import Callable
from pathlib import Path

import click
import dagster as dg
import pytest
from click.testing import Result
from platform_cli.dagster_plus.runs import Choice, await_run, launch_run
from platform_cli.dagster_plus.session import open_session
from platform_contract.domain import Engine
from platform_contract.domains import domains_on

from tests.fakes.dagster_plus.server import DagsterPlus
from tests.fakes.dagster_plus.small_location import release_small_image

pytestmark = pytest.mark.slow


@pytest.fixture
def prod(platform: Callable[..., Result], plus: DagsterPlus, checkout: Path) -> Path:
    """The home of production, which serves the small location."""
    images = release_small_image(plus.organisation.images, checkout)
    deployed = platform("deploy", "--deployment", "prod", "--images", images)
    assert deployed.exit_code == 0, deployed.output
    return plus.organisation.deployments["prod"].home


def run_of(home: Path, choice: Choice) -> tuple[set[str], set[str], dict[str, str]]:
    """What a run of the choice has materialised and checked, and its tags."""
    session = open_session()
    run_id = launch_run(session, "prod", "small", "rain_build", choice)
    assert await_run(session, "prod", run_id, 120) == "SUCCESS"
    with dg.DagsterInstance.from_config(str(home)) as instance:
        events = [record.dagster_event for record in instance.all_logs(run_id) if record.dagster_event]
        run = instance.get_run_by_id(run_id)
    assert run is not None
    built = {event.asset_key.to_user_string() for event in events if event.is_step_materialization and event.asset_key}
    evaluated = (event for event in events if event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    checked = {event.asset_check_evaluation_data.check_name for event in evaluated}
    return built, checked, dict(run.tags)


def test_a_run_is_for_what_is_chosen_of_the_job(prod: Path) -> None:
    built, checked, tags = run_of(prod, Choice(frozenset({"puddles"}), frozenset(), {"month": "2013-01"}))
    assert (built, checked) == ({"puddles"}, set())
    assert tags["month"] == "2013-01"
    assert run_of(prod, Choice(frozenset(), frozenset({("rain", "wet")}), {}))[:2] == (set(), {"wet"})


def test_what_the_job_has_not_is_refused_with_dagsters_reason(prod: Path) -> None:
    assert prod.is_dir()
    with pytest.raises(click.ClickException, match=r"launching rain_build of small failed: .*snow"):
        launch_run(open_session(), "prod", "small", "rain_build", Choice(frozenset({"snow"}), frozenset(), {}))
    assert os.environ["DAGSTER_CLOUD_URL"]


def test_of_every_domain_one_that_fails_keeps_no_other_back(prod: Path, platform: Callable[..., Result]) -> None:
    """The small location serves none of them: each is asked for, those of the lakehouse first."""
    assert prod.is_dir()
    done = platform("launch-domains", "--deployment", "prod", "--job", "clone")
    assert done.exit_code == 1
    asked = [line for line in done.output.splitlines() if line.startswith("Error: launching ")]
    assert [line.split()[2:5] for line in asked] == [
        [f"{domain}_clone", "of", domain.engine.code_location]
        for engine in (Engine.DATABRICKS, Engine.SNOWFLAKE)
        for domain in domains_on(engine)
    ]
    assert done.output.splitlines()[-1].startswith("Error: clone has failed of ")
