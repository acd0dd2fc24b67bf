"""A runner's machine: what a job finds there, and what stands in for what only GitHub can do."""

import json
import secrets
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.github.identities import JobIdentities
from tests.fakes.github.repository import OWNER, FakeRepository

_LINE_SECONDS = 900
RUN_ID = 4711


class UnlistedError(AssertionError):
    """A workflow uses something that nothing stands in for."""


@dataclass(frozen=True, slots=True)
class JobEnvironment:
    """An environment of the repository: what its settings hold for the jobs that name it."""

    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Job:
    """A job on its machine, as an action that runs in it sees it.

    `folder` is the checkout, `variables` what later steps find in their environment.
    """

    folder: Path
    temporary: Path
    event: Mapping[str, Any]
    settings: JobEnvironment
    variables: dict[str, str]


type Action = Callable[[Job, Mapping[str, str]], str]


@dataclass(slots=True)
class Runner:
    """Machines for jobs.

    Attributes:
        folder: where they are.
        repository: whose jobs they run.
        identities: who each of them is.
        environments: of the repository, by name.
        variables: what every step finds in its environment, PATH among it.
        actions: what stands in for each action of others, by its name without a version: told what it is given, and
            telling what it has done.
        skipped: the `run:` lines that are not run, each with the reason.
        after_line: called when a line has ended, for what happens in the world meanwhile.
    """

    folder: Path
    repository: FakeRepository
    identities: JobIdentities
    environments: Mapping[str, JobEnvironment]
    variables: Mapping[str, str]
    actions: Mapping[str, Action]
    skipped: Mapping[str, str]
    after_line: Callable[[], None]
    _jobs: int = 0

    def note(self, job: str, result: str) -> None:
        """Keep how a job of the run has ended, as GitHub shows it."""
        known = self.repository.jobs.setdefault(RUN_ID, [])
        known.append({"name": job, "conclusion": result, "run_attempt": 1})

    def start(self, permissions: Mapping[str, str], environment: str | None, event: Mapping[str, Any]) -> Job:
        """A machine for one job: fresh folders, and the token that its permissions make."""
        self._jobs += 1
        home = self.folder / f"job-{self._jobs}"
        (home / "temporary").mkdir(parents=True)
        (home / "checkout").mkdir()
        token, settings = f"job-{secrets.token_hex(12)}", JobEnvironment()
        self.repository.tokens[token] = {name.replace("-", "_"): held for name, held in permissions.items()}
        if environment is not None:
            settings = self.environments[environment]
        told = home / "event.json"
        told.write_text(json.dumps(event["event"]), encoding="utf-8")
        variables = {
            **self.variables,
            "GITHUB_EVENT_PATH": str(told),
            "GITHUB_RUN_ID": str(RUN_ID),
            "GITHUB_SHA": event["sha"],
            "RUNNER_TEMP": str(home / "temporary"),
            **self._identity(permissions, environment),
        }
        return Job(home / "checkout", home / "temporary", {**event, "token": token}, settings, variables)

    def act(self, job: Job, action: str, given: Mapping[str, str]) -> str:
        """Have done what an action of others does; what it has done."""
        if action not in self.actions:
            raise UnlistedError(f"nothing stands in for {action}")
        return self.actions[action](job, given)

    def shell(self, job: Job, line: str, variables: Mapping[str, str]) -> tuple[int, str]:
        """Run a line in the checkout; its exit code, and what it printed."""
        script = job.temporary / "line.sh"
        script.write_text(line, encoding="utf-8")
        ended = subprocess.run(
            ["bash", "-e", str(script)],
            cwd=job.folder,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_LINE_SECONDS,
        )
        self.after_line()
        return ended.returncode, ended.stdout

    def _identity(self, permissions: Mapping[str, str], environment: str | None) -> dict[str, str]:
        """Only a job that may ask who it is finds where."""
        if permissions.get("id-token") != "write":
            return {}
        bearer = secrets.token_hex(12)
        self.identities.subjects[bearer] = f"repo:{OWNER}:environment:{environment}"
        return {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": bearer, "ACTIONS_ID_TOKEN_REQUEST_URL": self.identities.url}
