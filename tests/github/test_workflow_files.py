"""The workflow files hold what GitHub and this repository ask of them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from platform_cli.github_actions.matrices import release_rows, standing_rows
from platform_contract.deployment import parse_deployment
from platform_contract.deployment import pull_request as pull_request_deployment
from platform_contract.deployment_table import PULL_REQUEST_ENVIRONMENT
from platform_contract.github_names import (
    MAIN_BRANCH,
    MANIFEST_ARTIFACT,
    Workflow,
    close_run_title,
    github_environments,
    release_job,
)

from tests.fakes.github.events import Event
from tests.fakes.github.expressions import interpolate
from tests.github.workflow_files import ACTIONS, FOLDER, ROOT, WORKFLOWS, jobs, read, steps_of, workflow

BIN = Path(sys.executable).parent
PINNED = re.compile(r"^(?P<action>[\w-]+/[\w-]+)@(?P<digest>[0-9a-f]{40}) # (?P<version>v\d+\.\d+\.\d+)$")
EVERY_JOB = dict(jobs())
# What a job may do beyond reading the code, and why it has to.
PERMISSIONS = {
    "close.yml:remove": {"id-token": "write", "pull-requests": "read"},
    "main.yml:images": {"id-token": "write"},
    # Looks whether the job before it has succeeded.
    "main.yml:release": {"actions": "read", "id-token": "write"},
    "nightly.yml:drift": {"id-token": "write", "issues": "write"},
    "nightly.yml:expired": {"id-token": "write"},
    "nightly.yml:sweep": {"id-token": "write"},
    "pull-request.yml:environment": {"actions": "read", "id-token": "write", "pull-requests": "write"},
    "pull-request.yml:images": {"id-token": "write"},
}


def checked(*command: str) -> None:
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-actions", ACTIONS),
        ("vendor.dependabot", [FOLDER / "dependabot.yml"]),
    ],
)
def test_files_are_as_their_schema_has_it(schema: str, files: list[Path]) -> None:
    checked(str(BIN / "check-jsonschema"), "--builtin-schema", schema, *map(str, files))


def test_zizmor_finds_nothing_dangerous() -> None:
    checked(str(BIN / "zizmor"), "--offline", "--no-progress", "--config", str(FOLDER / "zizmor.yml"), str(FOLDER))


def test_actionlint_finds_no_mistake() -> None:
    run = subprocess.run([ROOT / ".ci" / "actionlint"], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode == 69 and os.environ.get("CI", "").lower() != "true":
        pytest.skip(run.stderr)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_action_is_pinned_by_digest_and_everywhere_the_same() -> None:
    used = [
        line.partition("uses:")[2].strip()
        for file in (*WORKFLOWS, *ACTIONS)
        for line in file.read_text(encoding="utf-8").splitlines()
        if "uses:" in line
    ]
    foreign = [one for one in used if not one.startswith("./.github/actions/")]
    pins = {one: PINNED.match(one) for one in foreign}
    assert all(pins.values()), pins
    assert len({pin["action"] for pin in pins.values() if pin}) == len(set(foreign))


def test_jobs_may_do_exactly_what_the_table_says() -> None:
    for file in WORKFLOWS:
        assert read(file)["permissions"] == {}, file.name
    beyond = {name: job["permissions"] | {} for name, job in EVERY_JOB.items()}
    assert all(permissions.pop("contents") == "read" for permissions in beyond.values())
    assert {name: permissions for name, permissions in beyond.items() if permissions} == PERMISSIONS


def test_every_job_ends_and_no_checkout_leaves_a_token_behind() -> None:
    for name, job in EVERY_JOB.items():
        assert 0 < job["timeout-minutes"] <= 120, name
        for step in steps_of(job):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, name


def test_the_only_secret_is_the_one_that_no_identity_can_replace_and_it_lies_in_an_environment() -> None:
    for name, job in EVERY_JOB.items():
        secrets = set(re.findall(r"secrets\.(\w+)", str(job)))
        assert secrets <= {"DAGSTER_CLOUD_API_TOKEN"}, name
        identified = job["permissions"].get("id-token") == "write"
        assert ("environment" in job) is identified, f"{name}: whoever signs in is bound to an environment"
        assert identified or not secrets, name


def test_only_main_reaches_what_stands_and_pull_requests_only_their_own() -> None:
    environments = {name: job["environment"] for name, job in EVERY_JOB.items() if "environment" in job}
    reached = {name: environment for name, environment in environments.items() if "pull-request" not in environment}
    assert reached == {
        "main.yml:images": "${{ needs.plan.outputs.builder }}",
        "main.yml:release": "${{ matrix.stack.environment }}",
        "nightly.yml:drift": "${{ matrix.stack.environment }}",
    }
    assert set(environments.values()) - set(reached.values()) == {PULL_REQUEST_ENVIRONMENT}
    rows = (*release_rows(), *standing_rows())
    assert {row["environment"] for row in rows} | {PULL_REQUEST_ENVIRONMENT} == set(github_environments())
    assert workflow("main.yml")["on"] == {"push": {"branches": [MAIN_BRANCH]}}


def test_files_artifacts_and_titles_are_called_as_the_contract_calls_them() -> None:
    assert {file.name for file in WORKFLOWS} == set(Workflow)
    published = [step for step in steps_of(EVERY_JOB["main.yml:release"]) if "upload-artifact" in str(step)]
    assert [step["with"]["name"] for step in published] == [MANIFEST_ARTIFACT]
    for row in release_rows():
        name = interpolate(EVERY_JOB["main.yml:release"]["name"], {"matrix": {"stack": row}}, {})
        assert name == release_job(parse_deployment(row["deployment"]))
    title = workflow(Workflow.CLOSE)["run-name"]
    for event in (
        Event("workflow_dispatch", inputs={"pull_request": "7"}),
        Event("pull_request", {"pull_request": {"number": 7}}),
    ):
        assert interpolate(title, event.contexts, {}) == close_run_title(pull_request_deployment(7))
