"""Fixtures: the stand-ins for production engines, one of each for a whole test run, started when a test first asks.

The modules that need Spark or fakesnow are imported when they are needed, so that this plugin costs other tests nothing.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.databricks_sql.spark_server import SparkServer, last_lines, missing_tools, spark_server
from tests.rehearsal.requirements import require_tools

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

_LOGS = pytest.StashKey[dict[str, Path]]()


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[SparkServer]:
    """Real Spark and Delta."""
    require_tools("Spark", missing_tools())
    folder = tmp_path_factory.mktemp("spark")
    request.config.stash.setdefault(_LOGS, {})["spark"] = folder / "spark.log"
    with spark_server(folder) as running:
        yield running


@pytest.fixture(scope="session")
def databricks_workspace(spark: SparkServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Workspace"]:
    """A Databricks workspace in which nothing is declared yet, shared by the whole run: take `databricks` instead."""
    from tests.fakes.databricks_workspace.workspace import databricks_workspace

    with databricks_workspace(spark, tmp_path_factory.mktemp("databricks")) as workspace:
        yield workspace


@pytest.fixture
def databricks(databricks_workspace: "Workspace", monkeypatch: pytest.MonkeyPatch) -> Iterator["Workspace"]:
    """A Databricks workspace that clients of this process trust; what a test does to it is undone, its tables stay."""
    for name, value in databricks_workspace.trust.items():
        monkeypatch.setenv(name, value)
    databricks_workspace.statements.clear()
    yield databricks_workspace
    databricks_workspace.failures.clear()
    databricks_workspace.power.start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the end of each stand-in's log under the failure of a test that used it."""
    report = yield
    if report.failed:
        used: list[str] = getattr(item, "fixturenames", [])
        logs: dict[str, Path] = item.config.stash.get(_LOGS, {})
        report.sections += [_section(name, log) for name, log in logs.items() if name in used and log.is_file()]
    return report


def _section(name: str, log: Path) -> tuple[str, Any]:
    return f"log of {name} ({log})", last_lines(log)
