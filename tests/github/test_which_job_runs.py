"""Which job runs on which event, against a table that was worked out by hand."""

import json

import pytest

from tests.fakes.github.concurrency import evicted
from tests.fakes.github.events import REPOSITORY, Event, concurrency_group, jobs_that_run, pull_request
from tests.fakes.github.expressions import ExpressionError, evaluate
from tests.github.workflow_files import WORKFLOWS, jobs, read, workflow

FORK = "stranger/platform"
EXPIRED = {"expired": {"pull-requests": '[{"deployment":"pr-3"}]'}}
NONE_EXPIRED = {"expired": {"pull-requests": "[]"}}

CHECKS = ["checks", "infra-preview"]
EVERYTHING = [*CHECKS, "images", "environment"]
NIGHT = ["plan", "expired", "drift", "sweep"]

# Event, what jobs hand on, which of them fail → the jobs of each workflow that run; of all others none does.
TABLE = {
    "opened from a branch": (pull_request("opened", REPOSITORY, "ada"), {}, {}, {"pull-request.yml": EVERYTHING}),
    "pushed to": (pull_request("synchronize", REPOSITORY, "ada"), {}, {}, {"pull-request.yml": EVERYTHING}),
    "reopened": (pull_request("reopened", REPOSITORY, "ada"), {}, {}, {"pull-request.yml": EVERYTHING}),
    "opened from a fork": (pull_request("opened", FORK, "eve"), {}, {}, {"pull-request.yml": CHECKS}),
    "pushed to from a fork": (pull_request("synchronize", FORK, "eve"), {}, {}, {"pull-request.yml": CHECKS}),
    "from a fork that is gone": (pull_request("opened", None, "eve"), {}, {}, {"pull-request.yml": CHECKS}),
    # Its jobs get neither secrets nor an identity from GitHub.
    "opened by dependabot": (
        pull_request("opened", REPOSITORY, "dependabot[bot]"),
        {},
        {},
        {"pull-request.yml": CHECKS},
    ),
    "whose tests fail": (
        pull_request("opened", REPOSITORY, "ada"),
        {},
        {"checks"},
        {"pull-request.yml": CHECKS},
    ),
    "whose guardrails refuse": (
        pull_request("opened", REPOSITORY, "ada"),
        {},
        {"infra-preview"},
        {"pull-request.yml": CHECKS},
    ),
    "whose image cannot be built": (
        pull_request("opened", REPOSITORY, "ada"),
        {},
        {"images"},
        {"pull-request.yml": [*CHECKS, "images"]},
    ),
    "labelled": (pull_request("labeled", REPOSITORY, "ada"), {}, {}, {}),
    "edited": (pull_request("edited", REPOSITORY, "ada"), {}, {}, {}),
    "closed, from a branch": (pull_request("closed", REPOSITORY, "ada"), {}, {}, {"close.yml": ["remove"]}),
    "closed, from a fork": (pull_request("closed", FORK, "eve"), {}, {}, {}),
    "closed, from a fork that is gone": (pull_request("closed", None, "eve"), {}, {}, {}),
    "closed, by dependabot": (pull_request("closed", REPOSITORY, "dependabot[bot]"), {}, {}, {}),
    "pushed to main": (Event("push"), {}, {}, {"main.yml": ["plan", "images", "release"]}),
    "pushed to main, no image": (Event("push"), {}, {"images"}, {"main.yml": ["plan", "images"]}),
    "pushed to another branch": (Event("push", ref="topic"), {}, {}, {}),
    "night, something expired": (Event("schedule"), EXPIRED, {}, {"nightly.yml": NIGHT}),
    "night, nothing expired": (Event("schedule"), NONE_EXPIRED, {}, {"nightly.yml": ["plan", "expired", "drift"]}),
    "night, drift found": (Event("schedule"), EXPIRED, {"drift"}, {"nightly.yml": NIGHT}),
    "dispatched": (
        Event("workflow_dispatch", inputs={"pull_request": "7"}),
        EXPIRED,
        {},
        {"close.yml": ["remove"], "nightly.yml": NIGHT},
    ),
    "an issue": (Event("issues"), {}, {}, {}),
    "a comment of a stranger": (Event("issue_comment"), {}, {}, {}),
}


@pytest.mark.parametrize("row", TABLE, ids=list(TABLE))
def test_exactly_these_jobs_run(row: str) -> None:
    event, outputs, failing, expected = TABLE[row]
    run = {file.name: jobs_that_run(read(file), event, outputs, frozenset(failing)) for file in WORKFLOWS}
    assert {name: sorted(found) for name, found in run.items() if found} == {
        name: sorted(jobs) for name, jobs in expected.items()
    }


def test_what_changes_one_deployment_never_runs_twice_at_a_time() -> None:
    """The pull request's run, its removal and the sweep share one place in the queue; so do releases and drift."""
    opened, closed = (pull_request(action, REPOSITORY, "ada") for action in ("opened", "closed"))
    dispatched = Event("workflow_dispatch", inputs={"pull_request": "7"})
    night = Event("schedule")
    close, nightly, main = workflow("close.yml")["jobs"], workflow("nightly.yml")["jobs"], workflow("main.yml")["jobs"]
    swept = {"pull-request": {"deployment": "pr-7"}}
    groups = {
        concurrency_group(workflow("pull-request.yml")["jobs"]["environment"], opened, {}),
        concurrency_group(close["remove"], closed, {}),
        concurrency_group(close["remove"], dispatched, {}),
        concurrency_group(nightly["sweep"], night, swept),
    }
    assert groups == {"pr-7"}
    for deployment in ("dev", "prod"):
        looked_at = {"stack": {"deployment": deployment, "environment": "any"}}
        assert concurrency_group(main["release"], Event("push"), looked_at) == deployment
        assert concurrency_group(nightly["drift"], night, looked_at) == deployment


def test_nothing_that_waits_for_a_deployment_is_evicted_by_what_comes_later() -> None:
    """A night's look at what stands costs no release, and a sweep no pull request its environment."""
    every = {name: job["concurrency"] for name, job in jobs() if "concurrency" in job}
    of_deployments = {
        "dev": ("main.yml:release", "nightly.yml:drift", "main.yml:release"),
        "prod": ("main.yml:release", "nightly.yml:drift", "main.yml:release"),
        "pr-7": ("pull-request.yml:environment", "nightly.yml:sweep", "close.yml:remove"),
    }
    for deployment, (first, second, third) in of_deployments.items():
        coming = [(name, every[name]) for name in (first, first, second, third)]
        assert evicted(coming) == [], deployment


def test_no_job_that_touches_infrastructure_is_ever_stopped_in_its_midst() -> None:
    changing = [name for name, job in jobs() if "make up" in str(job) or "platform remove" in str(job)]
    assert changing == ["close.yml:remove", "nightly.yml:sweep", "pull-request.yml:environment"]
    every = dict(jobs())
    for name in (*changing, "main.yml:release", "nightly.yml:drift"):
        assert every[name]["concurrency"]["cancel-in-progress"] is False, name


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'a' == 'A'", True),
        ("github.event.pull_request.number || inputs.pull_request", "7"),
        ("!(github.event_name == 'push') && 'yes' || 'no'", "yes"),
        ("known('{\"a\": {\"b\": 1}}').a.b == known('1')", True),
        ("known('{}').a", ExpressionError),
        ("known('1' '2')", ExpressionError),
        ("github.event.nothing.here == null_word", ExpressionError),
        ("github.evnt_name == 'push'", ExpressionError),
        ("contains(github.ref, 'x')", ExpressionError),
        ("github.event_name == 'push' 'x'", ExpressionError),
        ("github.event_name =~ 'push'", ExpressionError),
    ],
)
def test_expressions_are_known_in_full_or_refused(text: str, value: object) -> None:
    contexts = Event("workflow_dispatch", inputs={"pull_request": "7"}).contexts
    if value is ExpressionError:
        with pytest.raises(ExpressionError):
            evaluate(text, contexts, {"known": json.loads})
    else:
        assert evaluate(text, contexts, {"known": json.loads}) == value
