"""Today's programs over the states that releases left: nothing that exists may be replaced."""

import json
from pathlib import Path

import pytest

from tests.infra.engine.harness.engine_events import Step
from tests.infra.engine.releases.released_state import KEPT, ReleasedState, preview_over, released_states

pytestmark = [pytest.mark.engine, pytest.mark.slow]

# What takes an object away, and whatever was in it.
DESTRUCTIVE = ("replace", "create-replacement", "delete-replaced", "delete")


def is_provider(step: Step) -> bool:
    return step.token.startswith("pulumi:providers:")


@pytest.mark.parametrize("state", released_states(), ids=str)
@pytest.mark.usefixtures("engine")
def test_nothing_of_a_released_stack_is_replaced(state: ReleasedState, tmp_path: Path) -> None:
    preview = preview_over(state, tmp_path).succeeded()

    # A provider is no object: it goes when nothing acts through it any more.
    gone = [step.name for step in preview.events.steps if step.operation in DESTRUCTIVE and not is_provider(step)]
    assert gone == []
    assert preview.events.summary["same"] > 30


@pytest.mark.usefixtures("engine")
def test_what_would_be_replaced_is_seen(tmp_path: Path) -> None:
    """A state whose bronze schema is permanent, where the program declares a transient one."""
    content = json.loads((KEPT / "v1" / "snowflake.dev.json").read_text(encoding="utf-8"))
    (bronze,) = [one for one in content["deployment"]["resources"] if one["urn"].endswith("::analytics.bronze")]
    for side in ("inputs", "outputs"):
        bronze[side]["isTransient"] = "false"
    changed = ReleasedState(tmp_path / "snowflake.dev.json")
    changed.file.write_text(json.dumps(content), encoding="utf-8")

    assert "analytics.bronze" in preview_over(changed, tmp_path).succeeded().did(*DESTRUCTIVE)


def test_the_first_release_is_kept_whole() -> None:
    first = {state.file.name for state in released_states() if state.file.parent.name == "v1"}
    assert first == {f"{program}.{stack}.json" for program in ("snowflake", "databricks") for stack in ("dev", "prod")}
