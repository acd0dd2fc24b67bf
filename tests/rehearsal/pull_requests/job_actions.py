"""What stands in for what only GitHub, a cloud's sign-in or Docker can do in a job. Nothing else is stood in for."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.fakes.docker import choose_builder, sign_in_to_registry
from tests.fakes.github.runner import Action, Job
from tests.fakes.key_management import KeyManagement
from tests.rehearsal.pull_requests.origin import Origin

# `run:` lines that are not run here, each for its own reason.
SKIPPED: Mapping[str, str] = MappingProxyType(
    {
        ".ci/run": "all other tests, of which this is one",
        "make infra-diff BASE=HEAD^1": "the comment tells the same, by the same command",
        '.venv/bin/platform drift --stack "$STACK"': "looks at dev and prod alone: tests/infra/engine has it",
    }
)
# Set-up installs what the lock says into .venv. Here that is there: the environment that this test runs in.
_SET_UP = """#!/bin/sh
cd "$(dirname "$0")/.."
for group; do grep -q "^$group = \\[" pyproject.toml || { echo "setup: no group $group" >&2; exit 1; }; done
"""


def actions(origin: Origin, environment: Path, keys: KeyManagement) -> dict[str, Action]:
    """What stands in for each action, by its name; the role of AWS may use the key of the pull requests' state."""

    def check_out(job: Job, given: Mapping[str, str]) -> str:
        ref = given.get("ref") or job.event["sha"]
        origin.check_out(ref, int(given.get("fetch-depth", "1")), job.folder)
        (job.folder / ".venv").symlink_to(environment)
        (job.folder / ".ci" / "setup").write_text(_SET_UP, encoding="utf-8")
        return f"checked out {ref}; its environment is the one of this test"

    def sign_in_to_aws(job: Job, given: Mapping[str, str]) -> str:
        assert job.variables.get("ACTIONS_ID_TOKEN_REQUEST_URL"), "AWS asks who the job is: it needs id-token: write"
        assert given["role-to-assume"] == job.settings.variables["AWS_ROLE_ARN"]
        job.variables.update({**keys.variables(), "TAKEN_ROLE": given["role-to-assume"]})
        return "the role may use the key of the state, which is a folder"

    return {
        "actions/cache": lambda _job, _given: "nothing kept from earlier runs",
        "actions/checkout": check_out,
        "aws-actions/amazon-ecr-login": _sign_in_to_registry,
        "aws-actions/configure-aws-credentials": sign_in_to_aws,
        "docker/setup-buildx-action": _choose_builder,
    }


def _sign_in_to_registry(job: Job, _given: Mapping[str, str]) -> str:
    """As the role that the job has taken on."""
    role = job.variables.get("TAKEN_ROLE", "")
    job.variables["DOCKER_CONFIG"] = str(job.temporary / "docker")
    sign_in_to_registry(job.temporary / "docker", role)
    return f"Docker pushes as {role}"


def _choose_builder(job: Job, _given: Mapping[str, str]) -> str:
    choose_builder(Path(job.variables["DOCKER_CONFIG"]))
    return "a builder that makes attestations"
