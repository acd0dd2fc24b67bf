"""The program of the local stores under the real engine, where the disk does not let it finish, or is another one.

That the stores come up, stay, drift and go is tested beside the components that they are made of.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from platform_contract.local_paths import LocalPaths

from tests.deployments import LOCAL
from tests.infra.engine.harness.program_folder import copy_program
from tests.infra.engine.harness.pulumi_cli import PulumiCli, Stack

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def local_stack(engine: Path, environment: Path, tmp_path: Path, root: Path) -> Stack:
    cli = PulumiCli(engine, environment, tmp_path / "engine", (), {"PLATFORM_LOCAL_ROOT": str(root)})
    return Stack(cli, copy_program("local", tmp_path / "checkout"), "local").init()


@pytest.mark.parametrize("obstacle", ["lakehouse", "scratch"])
def test_a_disk_that_fails_half_way_is_finished_by_the_next_up(
    engine: Path, environment: Path, tmp_path: Path, obstacle: str
) -> None:
    paths = LocalPaths(tmp_path / "stores", LOCAL)
    stack = local_stack(engine, environment, tmp_path, paths.root)
    paths.home.mkdir(parents=True)
    (paths.home / obstacle).write_text("a file where a folder has to be", encoding="utf-8")
    stack.up().refused(obstacle)

    (paths.home / obstacle).unlink()

    stack.up().succeeded()
    assert stack.preview("--refresh").succeeded().changed == {}
    assert paths.raw_database.is_file()


def test_another_root_does_not_take_the_stores_from_the_one_they_are_in(
    engine: Path, environment: Path, tmp_path: Path
) -> None:
    here, there = (LocalPaths(tmp_path / name, LOCAL) for name in ("here", "there"))
    stack = local_stack(engine, environment, tmp_path, here.root)
    stack.up().succeeded()
    held = sorted(here.root.rglob("*"))
    elsewhere = replace(stack, cli=replace(stack.cli, variables={"PLATFORM_LOCAL_ROOT": str(there.root)}))

    elsewhere.up().refused(f"{here.home} holds data")

    assert sorted(here.root.rglob("*")) == held
    assert not there.root.exists()
    assert stack.preview("--refresh").succeeded().changed == {}
