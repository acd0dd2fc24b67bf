import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from platform_contract.local_paths import checkout

from tests.infra.engine.harness.program_folder import copy_program


def infra_checkout(root: Path, programs: Sequence[str]) -> Path:
    """A checkout that holds programs, and what the operator's commands read beside them."""
    for program in programs:
        copy_program(program, root)
    (root / "dbt_project").mkdir()
    (root / "workspace.yaml").touch()
    for file in ("state.yaml", "prices.yaml"):
        shutil.copy(checkout(Path(__file__)) / "infra" / file, root / "infra")
    return root


def work_in(root: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the commands run in a checkout, in the environment that an operator's shell would have."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PLATFORM_LOCAL_ROOT", str(root / ".local"))
    monkeypatch.chdir(root)
