"""What stands in for what only GitHub, a cloud's sign-in or Docker can do in a job. Nothing else is stood in for."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.fakes.dagster_plus.closures import Closure
from tests.fakes.dagster_plus.organisation import Organisation
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
# Keeps what it is asked, for the images to be found by; a build only notes what is built.
_DOCKER = """#!/bin/sh
echo "$*" >>"{log}"
"""
_BUILD = re.compile(r"build --build-arg LOCATION=(\S+) --build-arg DEPLOYMENT=(\S+) --tag (\S+) \.")


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
        job.variables.update(keys.variables())
        return "the role may use the key of the state, which is a folder"

    return {
        "actions/cache": lambda _job, _given: "nothing kept from earlier runs",
        "actions/checkout": check_out,
        "aws-actions/amazon-ecr-login": lambda _job, _given: "the registry takes whatever Docker pushes",
        "aws-actions/configure-aws-credentials": sign_in_to_aws,
    }


class Docker:
    """A `docker` on PATH, and the registry behind it: what is pushed is the closure that the build would have made."""

    def __init__(self, folder: Path, closures: Mapping[str, Closure], organisation: Organisation) -> None:
        self.programs = folder / "bin"
        self._log = folder / "docker.log"
        self._closures = closures
        self._organisation = organisation
        self.programs.mkdir(parents=True)
        self._log.touch()
        docker = self.programs / "docker"
        docker.write_text(_DOCKER.format(log=self._log), encoding="utf-8")
        docker.chmod(0o755)

    def pushed(self) -> list[str]:
        """Every image that has been pushed, by its reference; each is in the registry from then on."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        built = {match[3]: match for line in lines if (match := _BUILD.fullmatch(line))}
        pushed = [line.removeprefix("push ") for line in lines if line.startswith("push ")]
        assert len(built) == len(set(pushed)), lines
        for reference in pushed:
            location, deployment = built[reference].groups()[:2]
            closure = self._closures[location]
            assert closure.environment["PLATFORM_DEPLOYMENT"] == deployment
            self._organisation.images.push(reference, closure.image)
        return pushed
