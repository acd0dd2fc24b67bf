import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from platform_cli.main import main

from tests.fakes.dagster_plus.closures import Closure
from tests.fakes.dagster_plus.deployment import HostedDeployment
from tests.fakes.dagster_plus.organisation import PULL_REQUESTER, make_repositories
from tests.fakes.dagster_plus.server import DagsterPlus, dagster_plus
from tests.fakes.dockerfile import enters, ignore_patterns
from tests.rehearsal.closures import REPOSITORY

pytestmark = pytest.mark.slow

REPOSITORY_OF_IMAGES = "registry.example.com/data-platform/pull-requests"
LOCATIONS = ("databricks_delta", "snowflake_medallion", "architecture_patterns")
# What a location is made of beside Dagster, and what belongs to others.
OWN = {
    "databricks_delta": {"databricks-sql-connector", "dagster-databricks", "sqlglot"},
    "snowflake_medallion": {"dbt-core", "dbt-snowflake", "dagster-dbt", "dagster-snowflake"},
    "architecture_patterns": {"snowflake-connector-python"},
}
FOREIGN = {
    "databricks_delta": {"dbt-core", "dagster-dbt", "snowflake-connector-python", "dagster-snowflake"},
    "snowflake_medallion": {"pyspark", "databricks-sdk", "databricks-sql-connector", "dagster-databricks"},
    "architecture_patterns": {"pyspark", "databricks-sdk", "dbt-core", "dagster-dbt", "dagster-snowflake"},
}
NOWHERE = {
    "pulumi",
    "platform-cli",
    "platform-infra",
    "dagster-webserver",
    "dagster-dg-cli",
    "fakesnow",
    "pytest",
    "pip",
}


@pytest.mark.parametrize("name", LOCATIONS)
def test_an_image_holds_its_locations_closure_and_nothing_else(closures: dict[str, Closure], name: str) -> None:
    closure = closures[name]
    members = {name.replace("_", "-"), "platform-contract", "platform-runtime"}
    installed = closure.packages()
    assert installed == closure.locked_packages() | members
    assert {"dagster", "dagster-cloud"} | OWN[name] <= installed
    assert not installed & (FOREIGN[name] | NOWHERE)
    assert not [package for package in installed if package.startswith("pulumi")]

    brought = {"dbt_project", "manifests"} if name == "snowflake_medallion" else set()
    top = {"requirements.txt", ".venv", "code_locations", "infra"} | brought
    assert {path.name for path in closure.folder.iterdir()} == top
    assert [path.name for path in (closure.folder / "code_locations").iterdir()] == [name]
    assert {path.name for path in (closure.folder / "code_locations" / name).iterdir()} == {"src", "pyproject.toml"}
    assert {path.name for path in (closure.folder / "infra").iterdir()} == {"contract", "runtime"}


def test_a_build_writes_nothing_into_its_context_which_docker_mounts_to_be_read(closures: dict[str, Closure]) -> None:
    context = closures["snowflake_medallion"].folder.parent / "context"
    patterns = ignore_patterns(REPOSITORY)
    found = {file.relative_to(context).as_posix() for file in context.rglob("*") if file.is_file()}
    assert {".ci/closure", "uv.lock", "infra/cli/pyproject.toml"} <= found
    assert [file for file in found if not enters(file, patterns) or not (REPOSITORY / file).is_file()] == []


def test_the_manifest_in_the_image_is_the_deployments_own(closures: dict[str, Closure]) -> None:
    (manifest,) = (closures["snowflake_medallion"].folder / "manifests").glob("*/dbt/snowflake-*/manifest.json")
    assert manifest.parents[2].name == "pr-7"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    assert {node["database"] for node in content["nodes"].values()} == {"ANALYTICS_PR_7"}
    assert {source["database"] for source in content["sources"].values()} == {"RAW_PR_7"}


@pytest.fixture
def plus(closures: dict[str, Closure], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DagsterPlus]:
    """A Dagster+ that finds the images of pr-7, signed in to from a job of a pull request on GitHub."""
    with dagster_plus(tmp_path / "dagster_plus") as running:
        token = running.organisation.issue_token(may_deploy=True)
        for name, value in {**running.environment(token), **pull_request_job(tmp_path)}.items():
            monkeypatch.setenv(name, value)
        make_repositories(running.organisation, "data-platform")
        pushed = {
            name: running.organisation.images.push(PULL_REQUESTER, f"{REPOSITORY_OF_IMAGES}:{name}-abc", closure.image)
            for name, closure in closures.items()
        }
        monkeypatch.setenv("IMAGES", json.dumps(pushed))
        monkeypatch.chdir(REPOSITORY)
        yield running


def pull_request_job(folder: Path) -> dict[str, str]:
    """The variables of a job on a pull request, by which the CLI alone would choose another branch deployment."""
    pull_request = {
        "number": 7,
        "head": {"ref": "a-change", "sha": "f" * 40},
        "html_url": "https://github.com/acme/platform/pull/7",
        "state": "open",
    }
    event = folder / "event.json"
    content = {"repository": {"full_name": "acme/platform"}, "pull_request": pull_request}
    event.write_text(json.dumps(content), encoding="utf-8")
    return {
        "GITHUB_ACTION": "run",
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "acme/platform",
        "GITHUB_RUN_ID": "1",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_SHA": "a" * 40,
    }


def configured_locations() -> list[dict]:
    return yaml.safe_load((REPOSITORY / "dagster_cloud.yaml").read_text(encoding="utf-8"))["locations"]


def branch_deployments(plus: DagsterPlus) -> list[HostedDeployment]:
    return [one for one in plus.organisation.deployments.values() if one.branch is not None]


@pytest.fixture
def platform() -> Callable[..., Result]:
    """The `platform` command."""
    return lambda *arguments: CliRunner().invoke(main, list(arguments), prog_name="platform")


# Three code servers compile all that they import.
@pytest.mark.timeout(600)
def test_a_pull_request_is_served_from_its_images_and_leaves_nothing(
    plus: DagsterPlus, platform: Callable[..., Result]
) -> None:
    organisation = plus.organisation
    namesake = organisation.create_or_update_branch(
        {"repoName": "acme/other", "branchName": "pr-7", "pullRequestNumber": "7"}, {"commitHash": "0"}, "prod"
    )
    deployed = platform("deploy", "--deployment", "pr-7")
    assert deployed.exit_code == 0, deployed.output
    (mine,) = [one for one in branch_deployments(plus) if one is not namesake]
    assert deployed.output.splitlines()[-1] == f"pr-7 is deployed: {plus.url}/{mine.name}"
    assert mine.base == "prod"
    assert mine.branch is not None
    assert (mine.branch["repoName"], mine.branch["branchName"]) == ("acme/platform", "pr-7")
    assert mine.branch["pullRequestUrl"] == "https://github.com/acme/platform/pull/7"
    assert jobs(mine) == {
        "databricks_delta": {"weather_build", "weather_clone"},
        "snowflake_medallion": {
            f"{domain}_{job}" for domain in ("flights", "shop") for job in ("build", "clone", "refresh")
        },
        "architecture_patterns": set(),
    }

    # The agent has no credential, so the run has none; what it needs it names, all of it.
    launched = platform("launch", "--deployment", "pr-7", "--location", "databricks_delta", "--job", "weather_clone")
    assert launched.exit_code == 1
    (run,) = mine.runs.values()
    assert run.status == "FAILURE"
    assert run.log is not None
    log = run.log.read_text(encoding="utf-8")
    for variable in ("DATABRICKS_SERVER_HOSTNAME", "DATABRICKS_HTTP_PATH", "DATABRICKS_TOKEN"):
        assert variable in log, log[-3000:]

    closed = platform("close", "--deployment", "pr-7")
    assert closed.exit_code == 0, closed.output
    assert mine.branch["pullRequestStatus"] == "CLOSED"
    assert branch_deployments(plus) == [namesake]
    assert not [entry for entry in mine.locations.values() if entry.server and entry.server.process.poll() is None]
    again = platform("close", "--deployment", "pr-7")
    assert (again.exit_code, "nothing to close" in again.output) == (0, True)


def jobs(deployment: HostedDeployment) -> dict[str, set[str]]:
    """The jobs of each location that is served, without the library's own."""
    served = {name: entry.server for name, entry in deployment.locations.items() if entry.server is not None}
    return {name: {job for job in server.jobs() if not job.startswith("__")} for name, server in served.items()}


def test_an_image_of_a_pull_request_serves_nothing_that_stands(
    plus: DagsterPlus, platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not in the repository of releases; brought there, it lacks what dbt makes of the project for prod."""
    monkeypatch.setenv("DAGSTER_CLOUD_LOCATION_LOAD_TIMEOUT", "60")
    refused = platform("deploy", "--deployment", "prod")
    assert refused.exit_code == 1
    prod = plus.organisation.deployments["prod"]
    errors = [entry.error or "" for entry in prod.locations.values()]
    assert len(errors) == 3
    assert all("data-platform/release@sha256:" in error and "not found" in error for error in errors)

    images = plus.organisation.images
    release = images.repositories["data-platform/release"]
    (medallion,) = [one for one in configured_locations() if one["location_name"] == "snowflake_medallion"]
    del medallion["build"]
    digest = json.loads(os.environ["IMAGES"])["snowflake_medallion"]
    release.images[digest] = images.repositories["data-platform/pull-requests"].images[digest]
    plus.organisation.deploy(prod, [{**medallion, "image": f"registry.example.com/{release.name}@{digest}"}])
    plus.organisation.agents["prod"].finish()
    said = prod.locations["snowflake_medallion"].error or ""
    assert "this image holds no dbt manifest for deployment prod" in said
    assert "(it holds one for pr-7 (snowflake))" in said


def test_a_container_that_writes_beside_its_volumes_does_not_load(
    plus: DagsterPlus, closures: dict[str, Closure]
) -> None:
    closure = closures["snowflake_medallion"]
    inside = replace(closure.image, environment={**closure.image.environment, "PLATFORM_LOCAL_ROOT": "/app/.local"})
    reference = f"{REPOSITORY_OF_IMAGES}:snowflake_medallion-writes"
    plus.organisation.images.push(PULL_REQUESTER, reference, inside)
    (medallion,) = [one for one in configured_locations() if one["location_name"] == closure.location]
    branch = plus.organisation.create_or_update_branch(
        {"repoName": "acme/platform", "branchName": "pr-7", "pullRequestNumber": "7"}, {"commitHash": "0"}, "prod"
    )
    plus.organisation.deploy(branch, [{**medallion, "build": None, "image": reference}])
    plus.organisation.agents["branch"].finish()
    assert "Read-only file system: '/app" in (branch.locations["snowflake_medallion"].error or "")
