"""A merge, as `main.yml` has it: each image built once, and the same digests served by dev and then by production.

The lines about images and deploying are run by a real shell, on a checkout whose one location loads in no time. What
infrastructure they need is other tests' affair.
"""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from platform_contract.local_paths import checkout as checkout_of

from tests.fakes.container_registry import Image
from tests.fakes.dagster_plus.organisation import RELEASER, make_repositories
from tests.fakes.dagster_plus.server import ORGANISATION, DagsterPlus, dagster_plus
from tests.fakes.dagster_plus.small_location import REGISTRY, small_image, write_small_checkout
from tests.fakes.docker import Docker, docker_on_path
from tests.fakes.github.events import Event
from tests.fakes.github.identities import job_identities
from tests.fakes.github.repository import OWNER, FakeRepository
from tests.fakes.github.runner import RUN_ID, JobEnvironment, Runner
from tests.fakes.github.server import serve_github
from tests.fakes.github.workflow_run import WorkflowRun, run_workflow
from tests.fakes.key_management import KeyManagement
from tests.github.workflow_files import steps_of, workflow
from tests.rehearsal.pull_requests.job_actions import actions
from tests.rehearsal.pull_requests.origin import Origin

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = checkout_of(Path(__file__))
JOBS = ["plan", "images", "release"]
RUN = {
    ".ci/setup deploy",
    ".venv/bin/platform ci-matrix releases",
    'make images DEPLOYMENTS="$DEPLOYMENTS" TAG="$GITHUB_SHA"',
    '.venv/bin/platform require-released --deployment "$AFTER"',
    'make deploy DEPLOYMENT="$DEPLOYMENT"',
}


@dataclass(frozen=True, slots=True)
class Release:
    """What a merge finds, and the commit that it makes."""

    plus: DagsterPlus
    docker: Docker
    runner: Runner
    commit: str

    def run(self) -> WorkflowRun:
        """The workflow runs, the first time or again."""
        return run_workflow(workflow("main.yml"), Event("push", sha=self.commit), self.runner, None)

    def served(self) -> dict[str, str]:
        """The image of the location in each deployment that serves one."""
        deployments = self.plus.organisation.deployments
        return {name: one.locations["small"].document["image"] for name, one in deployments.items() if one.locations}


@pytest.fixture
def release(tmp_path: Path) -> Iterator[Release]:
    source = tmp_path / "source"
    commit = write_repository(source)
    with ExitStack() as open_until_the_end:
        enter = open_until_the_end.enter_context
        plus = enter(dagster_plus(tmp_path / "dagster_plus"))
        make_repositories(plus.organisation, "tests")
        # What Docker makes of any location: the small one.
        docker = enter(
            docker_on_path(tmp_path / "docker", plus.organisation.images, lambda given: image(source, given))
        )
        token = {"DAGSTER_CLOUD_API_TOKEN": plus.organisation.issue_token(may_deploy=True)}
        repository = FakeRepository({})
        runner = Runner(
            folder=tmp_path / "jobs",
            repository=repository,
            identities=enter(job_identities()),
            environments={
                name: JobEnvironment({"AWS_REGION": "eu-west-1", "AWS_ROLE_ARN": role}, token)
                for name, role in (("dev", RELEASER), ("production", f"{RELEASER}-of-production"))
            },
            variables={
                "DAGSTER_CLOUD_ORGANIZATION": ORGANISATION,
                "DAGSTER_CLOUD_URL": plus.url,
                "GITHUB_API_URL": enter(serve_github(repository)),
                "GITHUB_REPOSITORY": OWNER,
                "HOME": str(tmp_path),
                "PATH": f"{docker.programs}:/usr/local/bin:/usr/bin:/bin",
            },
            actions={
                **actions(Origin(source), ROOT / ".venv", KeyManagement(frozenset())),
                "actions/upload-artifact": lambda _job, _given: "nobody looks at it",
            },
            skipped=dict.fromkeys(all_lines() - RUN, "not about images"),
            after_line=lambda: None,
        )
        yield Release(plus, docker, runner, commit)


def write_repository(folder: Path) -> str:
    """A repository of the small location, with what the workflow runs; its commit."""
    write_small_checkout(folder)
    for name in ("Dockerfile", "Makefile", "pyproject.toml", ".ci", ".github"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy(ROOT / name, folder / name)
    (folder / "dbt_project" / "dbt_project.yml").touch()
    allow = ["git", "-C", str(folder), "config", "uploadpack.allowAnySHA1InWant", "true"]
    subprocess.run(allow, check=True)
    return Origin(folder).commit("Release it")


def image(source: Path, arguments: Mapping[str, str]) -> Image:
    return small_image(source, BUILT_FOR=arguments["DEPLOYMENTS"])


def all_lines() -> set[str]:
    return {step["run"] for job in workflow("main.yml")["jobs"].values() for step in steps_of(job) if "run" in step}


def test_what_is_merged_is_built_once_and_the_same_digest_goes_from_dev_to_production(release: Release) -> None:
    first = release.run()
    assert first.results == dict.fromkeys(JOBS, "success"), first.output()
    assert set(first.lines) == RUN
    (built,) = release.docker.builds
    assert (built.role, built.arguments) == (RELEASER, {"LOCATION": "small", "DEPLOYMENTS": "dev prod"})
    reference = f"{REGISTRY}@{built.digest}"
    assert release.served() == {"dev": reference, "prod": reference}
    running = {name: one.locations["small"].server for name, one in release.plus.organisation.deployments.items()}
    assert all(server is not None and server.process.poll() is None for server in running.values())

    # All of it once more, as somebody may ask for at any time: a tag is never pushed twice.
    again = release.run()
    assert again.results == dict.fromkeys(JOBS, "success"), again.output()
    assert release.docker.builds == [built]
    assert release.served() == {"dev": reference, "prod": reference}


def test_what_cannot_be_released_to_the_first_goes_no_further(release: Release) -> None:
    whole, refused = release.runner.environments["dev"], {"DAGSTER_CLOUD_API_TOKEN": "agent:nobody"}
    release.runner.environments = {**release.runner.environments, "dev": JobEnvironment(whole.variables, refused)}
    run = release.run()
    assert run.results == {"plan": "success", "images": "success", "release": "failure"}, run.output()
    assert release.served() == {}
    ended = {one["name"]: one["conclusion"] for one in release.runner.repository.jobs[RUN_ID]}
    assert (ended["Release to dev"], ended["Release to prod"]) == ("failure", "cancelled")
