from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.dagster_plus.organisation import make_repositories
from tests.fakes.dagster_plus.server import DagsterPlus, dagster_plus
from tests.fakes.dagster_plus.small_location import write_small_checkout

# So that the CLI's waits end within a test.
_PATIENCE = {"DAGSTER_CLOUD_AGENT_HEARTBEAT_TIMEOUT": "1", "DAGSTER_CLOUD_LOCATION_LOAD_TIMEOUT": "60"}


@pytest.fixture
def plus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DagsterPlus]:
    """A Dagster+ of its own for the test, which this process is signed in to."""
    for variable in ("GITHUB_ACTION", "GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_EVENT_PATH"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DAGSTER_CLOUD_CLI_CONFIG", str(tmp_path / "none"))
    with dagster_plus(tmp_path / "dagster_plus") as running:
        token = running.organisation.issue_token(may_deploy=True)
        for name, value in {**running.environment(token), **_PATIENCE}.items():
            monkeypatch.setenv(name, value)
        make_repositories(running.organisation, "tests")
        yield running


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one small location, as working directory."""
    folder = tmp_path / "checkout"
    write_small_checkout(folder)
    monkeypatch.chdir(folder)
    return folder
