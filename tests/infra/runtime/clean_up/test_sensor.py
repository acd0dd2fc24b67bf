from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
import pytest
from platform_contract.errors import ContractError
from platform_runtime.automation import Automation
from platform_runtime.clean_up.sensor import (
    clean_up_definitions,
    clean_up_sensor,
    dispatch_wanted,
)
from platform_runtime.github.github import GitHub, GitHubError

from tests.fakes.github.repository import OWNER, FakeRepository
from tests.fakes.github.server import serve_github

NOW = datetime(2031, 3, 20, 12, tzinfo=UTC)
# What the token of the sensor may do, and nothing else.
PERMISSIONS = {"actions": "write", "pull_requests": "read"}
IN_PRODUCTION = {"DAGSTER_CLOUD_DEPLOYMENT_NAME": "prod"}


@pytest.fixture
def repository() -> FakeRepository:
    return FakeRepository({"sensor-token": PERMISSIONS, "reader-token": {"pull_requests": "read", "actions": "read"}})


@pytest.fixture
def api(repository: FakeRepository) -> Iterator[str]:
    with serve_github(repository) as address:
        yield address


@pytest.fixture
def github(api: str) -> GitHub:
    return GitHub(api, OWNER, "sensor-token")


def dispatched(repository: FakeRepository) -> list[str]:
    return [one["inputs"]["pull_request"] for one in repository.dispatches]


def test_only_what_nobody_has_brought_to_its_end_is_started(github: GitHub, repository: FakeRepository) -> None:
    repository.pull(1, None)  # open
    repository.pull(2, "2031-03-19T08:00:00Z")  # its run succeeded
    repository.run("close.yml", "Close pr-2", "2031-03-19T08:00:01Z", "success")
    repository.pull(3, "2031-03-19T09:00:00Z")  # its run failed
    repository.run("close.yml", "Close pr-3", "2031-03-19T09:00:01Z", "failure")
    repository.pull(4, "2031-03-19T10:00:00Z")  # its run never came
    repository.pull(5, "2031-03-20T11:00:00Z")  # its run is going on
    repository.run("close.yml", "Close pr-5", "2031-03-20T11:00:01Z", None)
    repository.pull(6, "2031-03-20T11:20:00Z")  # its run failed a moment ago: a cause that passes has an hour to
    repository.run("close.yml", "Close pr-6", "2031-03-20T11:30:00Z", "failure")
    repository.pull(7, "2031-03-19T11:00:00Z", head="stranger/platform")  # forks never have an environment
    repository.pull(8, "2031-03-19T11:00:00Z", head=None)  # nor one that has been deleted
    repository.pull(9, "2031-03-01T00:00:00Z")  # long ago: the nightly sweep's
    repository.pull(10, "2031-03-19T12:00:00Z")  # closed, opened and closed again: the first run does not count
    repository.run("close.yml", "Close pr-10", "2031-03-18T12:00:00Z", "success")
    repository.pull(40, "2031-03-19T12:00:00Z")  # whose number only starts like that of another
    repository.run("close.yml", "Close pr-40", "2031-03-19T12:00:01Z", "success")

    assert sorted(dispatch_wanted(github, NOW)) == ["pr-10", "pr-3", "pr-4"]
    assert sorted(dispatched(repository)) == ["10", "3", "4"]
    assert {(one["workflow"], one["ref"]) for one in repository.dispatches} == {("close.yml", "main")}

    for number in (3, 4, 10):
        repository.run("close.yml", f"Close pr-{number}", "2031-03-20T12:00:01Z", None)
    assert dispatch_wanted(github, NOW) == []


def test_nothing_is_lost_between_pages(github: GitHub, repository: FakeRepository) -> None:
    for number in range(1, 251):
        repository.pull(number, f"2031-03-19T{number % 24:02}:00:00Z")
        if number != 125:
            repository.run("close.yml", f"Close pr-{number}", "2031-03-20T00:00:00Z", "success")
    assert dispatch_wanted(github, NOW) == ["pr-125"]


def test_a_tick_skips_and_says_what_it_started(
    api: str, repository: FakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    repository.pull(12, closed)
    monkeypatch.setenv("GITHUB_API_URL", api)
    monkeypatch.setenv("PLATFORM_REPOSITORY", OWNER)
    monkeypatch.setenv("PLATFORM_WORKFLOW_TOKEN", "sensor-token")
    with dg.build_sensor_context() as context:
        result = clean_up_sensor(Automation(is_on=True))(context)
    assert isinstance(result, dg.SkipReason)
    assert result.skip_message == "started the close workflow for: pr-12"
    assert dispatched(repository) == ["12"]


def test_a_tick_without_settings_names_them_all() -> None:
    with dg.build_sensor_context() as context, pytest.raises(ContractError) as refused:
        clean_up_sensor(Automation(is_on=True))(context)
    assert "PLATFORM_REPOSITORY" in str(refused.value)
    assert "PLATFORM_WORKFLOW_TOKEN" in str(refused.value)


@pytest.mark.parametrize(("token", "cure"), [("reader-token", "lacks a permission"), ("forged-9a1", "is wrong or has")])
def test_a_token_that_may_not_is_a_clear_error_without_the_token(
    api: str, repository: FakeRepository, token: str, cure: str
) -> None:
    repository.pull(4, "2031-03-19T10:00:00Z")
    with pytest.raises(GitHubError, match=cure) as refused:
        dispatch_wanted(GitHub(api, OWNER, token), NOW)
    assert token not in str(refused.value)
    assert dispatched(repository) == []


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"PLATFORM_DEPLOYMENT": "prod"},
        {"DAGSTER_CLOUD_DEPLOYMENT_NAME": "dev"},
        {"DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT": "1", "DAGSTER_CLOUD_PULL_REQUEST_ID": "7"},
    ],
)
def test_no_other_deployment_has_the_sensor(environment: dict[str, str]) -> None:
    assert clean_up_definitions(environment).sensors is None


def test_production_has_it_running() -> None:
    (sensor,) = clean_up_definitions(IN_PRODUCTION).sensors or []
    assert isinstance(sensor, dg.SensorDefinition)
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
