import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from platform_cli.dagster_plus.instigators import Instigator, instigators
from platform_cli.dagster_plus.organisation import organisation
from platform_cli.doctor.automation import AutomationRuns
from platform_cli.doctor.check import Health
from platform_contract.deployment import Deployment, Trait, pull_request

from tests.deployments import DEV, PROD
from tests.fakes.dagster_plus.deployment import LocationEntry
from tests.fakes.dagster_plus.organisation import PULL_REQUESTER
from tests.fakes.dagster_plus.server import DagsterPlus
from tests.fakes.dagster_plus.small_location import REGISTRY, release_small_image, small_image
from tests.fakes.http_server import StandInHandler, StandInServer, serving

FORGOTTEN = Instigator("without_a_status", declared_on=False, running=False)


def deploy(platform: Callable[..., Result], plus: DagsterPlus, checkout: Path, deployment: Deployment) -> None:
    images = release_small_image(plus.organisation.images, checkout)
    if deployment.has(Trait.PULL_REQUEST):
        mine = f"{REGISTRY.removesuffix('release')}pull-requests:small-abc"
        digest = plus.organisation.images.push(PULL_REQUESTER, mine, small_image(checkout))
        images = json.dumps({"small": digest})
    deployed = platform("deploy", "--deployment", deployment.name, "--images", images)
    assert deployed.exit_code == 0, deployed.output


@pytest.mark.slow
@pytest.mark.parametrize("deployment", [DEV, PROD])
def test_what_is_declared_on_runs_after_a_deploy_and_what_says_nothing_does_not(
    platform: Callable[..., Result], plus: DagsterPlus, checkout: Path, deployment: Deployment
) -> None:
    check = AutomationRuns(deployment)
    before = check.examine()
    assert before.health is Health.WARNING
    assert "nothing that starts runs is deployed" in before.found
    deploy(platform, plus, checkout, deployment)
    found = instigators(organisation(os.environ, 0), deployment.name)
    assert found == [Instigator("daily", declared_on=True, running=True), FORGOTTEN]
    assert check.examine().found == "1 sensors and schedules run"

    plus.organisation.deployments[deployment.name].switched["daily"] = False
    off = check.examine()
    assert off.health is Health.WARNING
    assert off.found == "turned off: daily"
    assert off.remedy == f"turn it on under Automation of {deployment}"

    # One that does not load may be what starts most of the runs.
    plus.organisation.deployments[deployment.name].locations["broken"] = LocationEntry(
        {}, error="no module named small"
    )
    unknown = check.examine()
    assert unknown.health is Health.WARNING
    assert unknown.found == "not looked at"
    assert f"{deployment} has not loaded broken" in unknown.remedy


@pytest.mark.slow
def test_nothing_runs_in_a_branch_deployment(
    platform: Callable[..., Result], plus: DagsterPlus, checkout: Path
) -> None:
    deploy(platform, plus, checkout, pull_request(7))
    (branch,) = [one for one in plus.organisation.deployments.values() if one.branch is not None]
    found = instigators(organisation(os.environ, 0), branch.name)
    assert found == [Instigator("daily", declared_on=False, running=False), FORGOTTEN]


def test_whoever_waits_for_the_answer_hears_at_once_that_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class OutOfOrder(StandInHandler):
        def do_POST(self) -> None:  # noqa: N802 - the base class finds methods by their names
            asked.append(self.path)
            self.send_json(503, {})

    server = StandInServer(("127.0.0.1", 0), OutOfOrder)
    with serving(server, "out-of-order"):
        monkeypatch.setenv("DAGSTER_CLOUD_ORGANIZATION", "ours")
        monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", "token")
        monkeypatch.setenv("DAGSTER_CLOUD_URL", f"http://127.0.0.1:{server.server_port}")
        found = AutomationRuns(PROD).examine()
    assert found.health is Health.WARNING
    assert "HTTP 503" in found.remedy
    assert len(asked) == 1


def test_without_a_token_it_says_where_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAGSTER_CLOUD_API_TOKEN", raising=False)
    found = AutomationRuns(PROD).examine()
    assert found.health is Health.WARNING
    assert "DAGSTER_CLOUD_API_TOKEN" in found.remedy
    assert "look at Automation of prod in the UI" in found.remedy
