import inspect
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import yaml
from click.testing import Result
from dagster_cloud_cli import gql
from dagster_cloud_cli.commands.workspace import wait_for_load
from platform_cli.dagster_plus.failure_advice import ADVICE, advice

from tests.fakes.dagster_plus.server import DagsterPlus
from tests.fakes.dagster_plus.small_location import REGISTRY, release_small_image

UNPUSHED = f"sha256:{'0' * 64}"
NEVER_BUILT = ("--images", f'{{"small":"{UNPUSHED}"}}')
DEPLOY = ("deploy", "--deployment", "prod")
PULL_REQUEST = ("--deployment", "pr-7")


def last_line(failed: Result) -> str:
    assert failed.exit_code in {1, 2}, failed.output
    return failed.output.splitlines()[-1]


@pytest.mark.slow
def test_an_agent_that_is_down(platform: Callable[..., Result], plus: DagsterPlus, checkout: Path) -> None:
    images = release_small_image(plus.organisation.images, checkout)
    plus.organisation.agents["prod"].running = False
    expected = "Error: prod: deploying failed: no agent answers for this deployment: start it"
    assert last_line(platform(*DEPLOY, "--images", images)).startswith(expected)


@pytest.mark.slow
def test_a_location_that_does_not_load_and_one_whose_image_is_not_there(
    platform: Callable[..., Result], plus: DagsterPlus, checkout: Path
) -> None:
    configuration = checkout / "dagster_cloud.yaml"
    small = yaml.safe_load(configuration.read_text(encoding="utf-8"))["locations"][0]
    unpushed = {**small, "location_name": "unpushed"}
    configuration.write_text(yaml.safe_dump({"locations": [small, unpushed]}), encoding="utf-8")
    images = json.loads(release_small_image(plus.organisation.images, checkout, BROKEN="yes"))
    failed = platform(*DEPLOY, "--images", json.dumps({**images, "unpushed": UNPUSHED}))
    assert "do not load" in last_line(failed)
    assert "the gauge is broken" in failed.output
    assert f'Failed to pull image "{REGISTRY}@{UNPUSHED}"' in failed.output
    assert plus.organisation.deployments["prod"].locations["small"].server is None


@pytest.mark.slow
@pytest.mark.usefixtures("checkout")
def test_a_token_that_may_only_look(
    platform: Callable[..., Result], plus: DagsterPlus, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = plus.organisation.issue_token(may_deploy=False)
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", token)
    refused = platform("deploy", *PULL_REQUEST, *NEVER_BUILT)
    assert "make a new one with the right to do this" in last_line(refused)
    # The CLI ends with a stack trace.
    assert "UnauthorizedError" in refused.output
    assert token.rpartition(":")[2] not in refused.output
    assert len(plus.organisation.deployments) == 2


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize(
    "command",
    [
        (*DEPLOY, *NEVER_BUILT),
        ("deploy", *PULL_REQUEST, *NEVER_BUILT),
        ("close", *PULL_REQUEST),
        ("launch", *PULL_REQUEST, "--location", "small", "--job", "measure"),
        ("settings", "--deployment", "prod"),
    ],
)
def test_a_token_that_is_refused_is_named_and_never_shown(
    platform: Callable[..., Result], plus: DagsterPlus, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", "user:test:expired")
    refused = platform(*command)
    expected = "Error: Dagster+ refuses the token in DAGSTER_CLOUD_API_TOKEN (HTTP 401): make a new one"
    assert last_line(refused).startswith(expected)
    assert "expired" not in refused.output
    assert len(plus.organisation.deployments) == 2


@pytest.mark.usefixtures("checkout")
def test_what_cannot_be_deployed_to_is_said_before_anything_happens(
    platform: Callable[..., Result], plus: DagsterPlus
) -> None:
    del plus.organisation.deployments["dev"]
    missing = platform("deploy", "--deployment", "dev", *NEVER_BUILT)
    assert "has no full deployment dev: create it there" in last_line(missing)
    assert "has no branch deployment for pr-7 of acme/rain" in last_line(
        platform("launch", *PULL_REQUEST, "--location", "small", "--job", "measure")
    )
    assert "never closed" in last_line(platform("close", "--deployment", "prod"))
    assert "is this machine, not Dagster+" in last_line(platform("deploy", "--deployment", "local", *NEVER_BUILT))


@pytest.mark.usefixtures("checkout")
def test_all_that_is_missing_is_named(platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("DAGSTER_CLOUD_ORGANIZATION", "DAGSTER_CLOUD_API_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    refused = last_line(platform(*DEPLOY, *NEVER_BUILT))
    assert refused.startswith("Error: DAGSTER_CLOUD_ORGANIZATION and DAGSTER_CLOUD_API_TOKEN not set")


@pytest.mark.slow
def test_a_document_that_dagster_plus_refuses(
    platform: Callable[..., Result], plus: DagsterPlus, checkout: Path
) -> None:
    configuration = checkout / "dagster_cloud.yaml"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text.replace("server_k8s_config", "serverK8sConfig"), encoding="utf-8")
    refused = platform(*DEPLOY, *NEVER_BUILT)
    assert "dagster_cloud.yaml" in last_line(refused)
    assert "serverK8sConfig" in refused.output
    assert not plus.organisation.deployments["prod"].locations


def test_every_sign_of_a_failure_is_one_that_this_version_of_the_cli_prints() -> None:
    printed = inspect.getsource(wait_for_load) + gql.DEPLOY_LOCATIONS_FROM_DOCUMENT_MUTATION
    printed += gql.SET_DEPLOYMENT_SETTINGS_MUTATION + requests_message(401) + requests_message(403)
    signs = [known.sign for known in ADVICE]
    assert [sign for sign in signs if sign not in printed] == []
    assert advice(["Traceback", f"Error: {signs[0]}. Make sure"]) == ADVICE[0].remedy
    assert advice(["something else"]) == "the dagster-cloud CLI says why above"


def requests_message(status: int) -> str:
    response = requests.Response()
    response.status_code, response.reason, response.url = status, "reason", "url"
    with pytest.raises(requests.HTTPError) as error:
        response.raise_for_status()
    return str(error.value)
