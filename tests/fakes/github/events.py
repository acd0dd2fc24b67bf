"""Events as GitHub tells workflows about them, and which jobs run on one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from tests.fakes.github.expressions import evaluate, functions_in, interpolate, truthy

REPOSITORY = "acme/platform"
# What `types` stands for where a workflow names none.
_DEFAULT_TYPES = ("opened", "synchronize", "reopened")
_KNOWN_TRIGGERS = {"pull_request": {"types"}, "push": {"branches"}, "schedule": set(), "workflow_dispatch": {"inputs"}}
_STATUS_FUNCTIONS = {"success", "failure", "always", "cancelled"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: its name, its payload, the inputs of a dispatch, the commit that it happened to."""

    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    ref: str = "main"
    sha: str = "c0ffee"

    @property
    def contexts(self) -> dict[str, Any]:
        """What expressions see of it."""
        github = {"event_name": self.name, "event": self.payload, "repository": REPOSITORY, "sha": self.sha}
        return {"github": github, "inputs": self.inputs}


def pull_request(action: str, head: str | None, author: str) -> Event:
    """Something happened to pull request 7, which comes from a branch of `head` (None: deleted since)."""
    repository = None if head is None else {"full_name": head}
    payload = {"action": action, "pull_request": {"number": 7, "head": {"repo": repository}, "user": {"login": author}}}
    return Event("pull_request", payload)


def is_triggered(workflow: dict[str, Any], event: Event) -> bool:
    """Whether a workflow starts on an event; a trigger of a kind that is not known here is an error."""
    triggers = workflow["on"]
    for name, narrowing in triggers.items():
        filters = set(narrowing or {}) if name != "schedule" else set()
        assert filters <= _KNOWN_TRIGGERS[name], f"unknown filter on {name}"
    if event.name not in triggers:
        return False
    narrowed = triggers[event.name] or {}
    if event.name == "pull_request":
        return event.payload["action"] in narrowed.get("types", _DEFAULT_TYPES)
    if event.name == "push":
        return any(fnmatch(event.ref, pattern) for pattern in narrowed.get("branches", ["*"]))
    return True


def jobs_that_run(
    workflow: dict[str, Any], event: Event, outputs: Mapping[str, Mapping[str, str]], failing: frozenset[str]
) -> list[str]:
    """The jobs of a workflow that run on an event, in order.

    Args:
        workflow: its content.
        event: what happened.
        outputs: of each job, what it hands on.
        failing: the jobs that end in failure when they run.
    """
    if not is_triggered(workflow, event):
        return []
    results: dict[str, str] = {}
    while len(results) < len(workflow["jobs"]):
        ready = [
            name
            for name, job in workflow["jobs"].items()
            if name not in results and all(need in results for need in job.get("needs", []))
        ]
        assert ready, "jobs wait for each other"
        for name in ready:
            runs = job_runs(workflow["jobs"][name], event, results, outputs)
            results[name] = ("failure" if name in failing else "success") if runs else "skipped"
    return [name for name, result in results.items() if result != "skipped"]


def job_runs(
    job: dict[str, Any], event: Event, results: Mapping[str, str], outputs: Mapping[str, Mapping[str, str]]
) -> bool:
    """Whether a job runs, all that it needs having ended.

    Args:
        job: its content.
        event: what happened.
        results: how each job before it has ended.
        outputs: what each of them hands on.
    """
    condition = str(job.get("if", "true"))
    needed = [results[need] for need in job.get("needs", [])]
    succeeded = all(result == "success" for result in needed)
    # Without a function that asks for the state of others, a job runs only after the success of all it needs.
    if not _STATUS_FUNCTIONS & set(functions_in(condition)) and not succeeded:
        return False
    needs = {
        need: {"result": results[need], "outputs": outputs.get(need, {}) if results[need] == "success" else {}}
        for need in job.get("needs", [])
    }
    functions = {"success": lambda: succeeded, "always": lambda: True, "failure": lambda: "failure" in needed}
    if condition == "true":
        return True
    return truthy(evaluate(condition, {**event.contexts, "needs": needs}, functions))


def concurrency_group(job: dict[str, Any], event: Event, matrix: Mapping[str, Any]) -> str:
    """The name under which only one job runs at a time."""
    return interpolate(job["concurrency"]["group"], {**event.contexts, "matrix": matrix}, {})
