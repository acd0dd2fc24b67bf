"""What is stood in for and what is not run is listed whole: nothing of a workflow goes missing unnoticed."""

from pathlib import Path
from typing import Any

from tests.fakes.key_management import KeyManagement
from tests.github.workflow_files import steps_of, workflow
from tests.rehearsal.pull_requests.job_actions import SKIPPED, actions
from tests.rehearsal.pull_requests.origin import Origin

REPLAYED = ("pull-request.yml", "close.yml", "nightly.yml")


def steps() -> list[dict[str, Any]]:
    return [step for name in REPLAYED for job in workflow(name)["jobs"].values() for step in steps_of(job)]


def test_there_is_a_stand_in_for_each_action_and_for_nothing_else(tmp_path: Path) -> None:
    used = {step["uses"].partition("@")[0] for step in steps() if "uses" in step}
    assert set(actions(Origin(tmp_path), tmp_path, KeyManagement(frozenset()))) == used


def test_a_line_that_is_not_run_is_one_of_a_workflow() -> None:
    lines = {step["run"] for step in steps() if "run" in step}
    assert SKIPPED.keys() <= lines
