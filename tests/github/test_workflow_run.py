"""Workflows are run as GitHub runs them, and what nothing stands in for is an error."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.github.events import Event
from tests.fakes.github.identities import job_identities
from tests.fakes.github.repository import FakeRepository
from tests.fakes.github.runner import JobEnvironment, Runner, UnlistedError
from tests.fakes.github.workflow_run import run_workflow

PLAN: dict[str, Any] = {
    "permissions": {"contents": "read"},
    "outputs": {"rows": "${{ steps.rows.outputs.rows }}"},
    "steps": [{"id": "rows", "run": """echo 'rows=[{"n":"1"},{"n":"2"}]' >>"$GITHUB_OUTPUT" """}],
}
WORK: dict[str, Any] = {
    "needs": ["plan"],
    "permissions": {"pull-requests": "write"},
    "environment": "pull-requests",
    "strategy": {"matrix": {"row": "${{ fromJSON(needs.plan.outputs.rows) }}"}},
    "env": {"NUMBER": "${{ matrix.row.n }}"},
    "steps": [
        {"uses": "known/action@0123 # v1", "with": {"depth": 2}},
        {"run": 'echo "LATER=$NUMBER $SECRET" >>"$GITHUB_ENV"', "env": {"SECRET": "${{ secrets.TOKEN }}"}},
        {"id": "breaks", "run": 'test "$NUMBER" = 1'},
        {"id": "after", "run": "echo not reached"},
        {"run": 'echo "$LATER: $STEPS"', "if": "${{ !cancelled() }}", "env": {"STEPS": "${{ toJSON(steps) }}"}},
    ],
}
WORKFLOW: dict[str, Any] = {
    "on": {"push": {}},
    "jobs": {"plan": PLAN, "work": WORK, "last": {**PLAN, "needs": ["work"]}},
}


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    with job_identities() as identities:
        yield Runner(
            folder=tmp_path,
            repository=FakeRepository({}),
            identities=identities,
            environments={"pull-requests": JobEnvironment({}, {"TOKEN": "s3cret"})},
            variables={"PATH": "/usr/bin:/bin"},
            actions={"known/action": lambda _, given: f"given {given}"},
            skipped={},
            after_line=lambda: None,
        )


def test_jobs_steps_and_what_they_hand_on_are_as_on_github(runner: Runner) -> None:
    run = run_workflow(WORKFLOW, Event("push"), runner, None)
    # Of the two that the matrix makes, the second breaks.
    assert run.results == {"plan": "success", "work": "failure", "last": "skipped"}
    told = [one.output for one in run.ended if one.what.startswith('echo "$LATER')]
    assert told[0].startswith("1 s3cret: ")
    assert told[1].startswith("2 s3cret: ")
    assert '"breaks": {"outcome": "failure"' in told[1]
    assert '"after": {"outcome": "skipped"' in told[1]
    assert [one.what for one in run.ended if not one.succeeded] == ['test "$NUMBER" = 1']
    assert "given {'depth': '2'}" in run.output()
    assert {"pull_requests": "write"} in runner.repository.tokens.values()


def test_a_machine_that_is_lost_runs_nothing_any_more(runner: Runner) -> None:
    run = run_workflow(WORKFLOW, Event("push"), runner, "breaks")
    assert run.results == {"plan": "success", "work": "cancelled", "last": "skipped"}
    assert not [line for line in run.lines if "LATER:" in line]


def test_what_nothing_stands_in_for_is_an_error(runner: Runner) -> None:
    unknown = {"permissions": {}, "steps": [{"uses": "other/action@0123"}]}
    with pytest.raises(UnlistedError, match="other/action"):
        run_workflow({"on": {"push": {}}, "jobs": {"one": unknown}}, Event("push"), runner, None)
    strange = {"permissions": {}, "steps": [{"run": "true", "continue-on-error": True}]}
    with pytest.raises(AssertionError):
        run_workflow({"on": {"push": {}}, "jobs": {"one": strange}}, Event("push"), runner, None)


def test_only_a_job_that_may_ask_learns_who_it_is(runner: Runner) -> None:
    asks = {"environment": "pull-requests", "steps": [{"run": "echo url=$ACTIONS_ID_TOKEN_REQUEST_URL"}]}
    for permissions, url in (({"id-token": "write"}, runner.identities.url), ({}, "")):
        jobs = {"one": {**asks, "permissions": permissions}}
        run = run_workflow({"on": {"push": {}}, "jobs": jobs}, Event("push"), runner, None)
        assert f"url={url}\n" in run.output()
    assert list(runner.identities.subjects.values()) == ["repo:acme/platform:environment:pull-requests"]
