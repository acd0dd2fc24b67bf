"""A rehearsal where no Pulumi engine is: on a laptop it goes on by the contract's names, in CI it fails."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.rehearsal.production.chosen_stack import chosen_stack
from tests.rehearsal.production.contract_stack import ContractStack
from tests.rehearsal.production.dev_stack import StandIns
from tests.rehearsal.production.steps import Steps
from tests.rehearsal.snowflake_keys import make_key_pair


@pytest.fixture
def stand_ins(snowflake: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> StandIns:
    """Clouds that nobody asks for anything, on a machine without the CLI."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    nobody: Any = None
    return StandIns(nobody, snowflake, make_key_pair())


def test_a_laptop_says_that_the_engine_is_left_out(
    stand_ins: StandIns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    printed = StringIO()
    with chosen_stack(stand_ins, tmp_path, Steps(Console(file=printed, width=300))) as stack:
        assert isinstance(stack, ContractStack)
    assert "No Pulumi CLI here" in printed.getvalue()
    assert "sh .ci/pulumi" in printed.getvalue()


def test_ci_fails(stand_ins: StandIns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with (
        pytest.raises(pytest.fail.Exception, match="no Pulumi CLI was found"),
        chosen_stack(stand_ins, tmp_path, Steps(Console(file=StringIO()))),
    ):
        pass
