"""Fixtures: the stand-ins for production engines, one of each for a whole test run, started when a test first asks.

The modules that need Spark or fakesnow are imported when they are needed: this plugin costs other tests nothing.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.cloud_proxy import cloud_proxy
from tests.fakes.databricks_sql.spark_server import SparkServer, last_lines, missing_tools, spark_server
from tests.rehearsal.hosts import DATABRICKS_HOST, SNOWFLAKE_HOST
from tests.rehearsal.requirements import missing_packages, require_tools

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace
    from tests.fakes.snowflake.server import SnowflakeServer
    from tests.fakes.tls_certificate import Certificate

# Fixtures that are registered with these.
pytest_plugins = ["tests.rehearsal.closures"]

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
def cloud_certificate(tmp_path_factory: pytest.TempPathFactory) -> "Certificate":
    """What all stand-ins show, made for this run."""
    require_tools("A cloud", missing_packages("cryptography"))
    from tests.fakes.tls_certificate import make_certificate

    return make_certificate(tmp_path_factory.mktemp("certificate"), [DATABRICKS_HOST, SNOWFLAKE_HOST])


@pytest.fixture(scope="session")
def cloud_routes() -> dict[str, int]:
    """Port of each stand-in that runs, by the host name under which clients ask for it."""
    return {}


@pytest.fixture(scope="session")
def cloud_network(cloud_certificate: "Certificate", cloud_routes: dict[str, int]) -> Iterator[dict[str, str]]:
    """The environment in which a client, of this process or another, finds the stand-ins and no real cloud."""
    trusted = str(cloud_certificate.certificate_file)
    with cloud_proxy(cloud_routes) as address:
        yield {
            "HTTPS_PROXY": address,
            "NO_PROXY": "localhost,127.0.0.1",
            "REQUESTS_CA_BUNDLE": trusted,
            "SSL_CERT_FILE": trusted,
        }


@pytest.fixture
def clouds(cloud_network: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients of this process find the stand-ins under the clouds' own host names."""
    for name in ("https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in cloud_network.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def databricks_workspace(
    spark: SparkServer,
    cloud_certificate: "Certificate",
    cloud_routes: dict[str, int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator["Workspace"]:
    """A Databricks workspace in which nothing is declared yet, shared by the whole run: take `databricks` instead."""
    from tests.fakes.databricks_workspace.workspace import databricks_workspace

    with databricks_workspace(spark, tmp_path_factory.mktemp("databricks"), cloud_certificate) as workspace:
        cloud_routes[DATABRICKS_HOST] = workspace.port
        yield workspace


@pytest.fixture
def databricks(databricks_workspace: "Workspace", clouds: None) -> Iterator["Workspace"]:
    """A Databricks workspace; what a test makes go wrong there is undone, what it declares and writes is its own."""
    databricks_workspace.statements.clear()
    yield databricks_workspace
    databricks_workspace.failures.clear()
    databricks_workspace.power.start()


@pytest.fixture(scope="session")
def snowflake_server(cloud_certificate: "Certificate", cloud_routes: dict[str, int]) -> Iterator["SnowflakeServer"]:
    """A Snowflake account in which nothing is declared yet, shared by the whole run: take `snowflake` instead."""
    require_tools("fakesnow", missing_packages("fakesnow", "snowflake", "uvicorn"))
    from tests.fakes.snowflake.server import snowflake_server

    with snowflake_server(cloud_certificate) as server:
        cloud_routes[SNOWFLAKE_HOST] = server.port
        yield server


@pytest.fixture
def snowflake(snowflake_server: "SnowflakeServer", clouds: None) -> Iterator["SnowflakeServer"]:
    """A Snowflake account; what a test makes go wrong there is undone, what it declares and writes is its own."""
    snowflake_server.queries.clear()
    yield snowflake_server
    snowflake_server.failures.clear()


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
