import os
import shutil
import subprocess
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[2] / ".ci" / "setup"
TOOLS = ("sh", "cat", "cksum", "dirname", "env", "find", "ln", "mkdir", "rm", "tr")

# Each stands where the real program stands, and writes down how it was called.
UV = """
echo "uv $* UV_PYTHON=${UV_PYTHON:-} UV_PYTHON_PREFERENCE=${UV_PYTHON_PREFERENCE:-}" >>"$CALLS"
case "$1" in
python) exit "${UV_FINDS_PYTHON:-0}" ;;
sync) mkdir -p .venv/bin .venv/lib/python3.13/site-packages && ln -sf "$PYTHON_313" .venv/bin/python ;;
esac
"""
PYTHON_313 = "exit 0\n"
BROKEN = "echo 'pyenv: command not found' >&2; exit 127\n"
# A python3 that can do what MODULES names; what pip installs is the uv above.
PYTHON3 = """
[ "$1" = -c ] && exit 0
echo "python3 $*" >>"$CALLS"
case " $MODULES " in *" $2 "*) ;; *) exit 1 ;; esac
case "$2 $3" in
"venv --clear") mkdir -p "$4/bin" && ln -sf "$PYTHON3" "$4/bin/python" ;;
"pip install") mkdir -p .local/tools/uv/bin && ln -sf "$UV" .local/tools/uv/bin/uv ;;
esac
"""


class Machine:
    """A machine with a checkout and only those programs on PATH that a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bin"
        self.home = folder / "home"
        self.checkout = folder / "a checkout"
        self.elsewhere = folder / "elsewhere"
        self.calls_file = folder / "calls"
        for tool in TOOLS:
            self.path.mkdir(exist_ok=True)
            (self.path / tool).symlink_to(str(shutil.which(tool)))
        self._write_checkout()

    def _write_checkout(self) -> None:
        for file in ("uv.lock", "pyproject.toml", "infra/cli/pyproject.toml", "code_locations/rain/pyproject.toml"):
            (self.checkout / file).parent.mkdir(parents=True, exist_ok=True)
            (self.checkout / file).write_text(f"# {file}\n", encoding="utf-8")
        (self.checkout / ".python-version").write_text("3.13\n", encoding="utf-8")
        (self.checkout / ".ci").mkdir()
        shutil.copy(SETUP, self.checkout / ".ci" / "setup")

    def program(self, file: Path, text: str) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
        file.chmod(0o755)
        return file

    def set_up(self, *groups: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": str(self.path),
            "HOME": str(self.home),
            "CALLS": str(self.calls_file),
            "MODULES": "venv pip",
            "PYTHON3": str(self.program(self.elsewhere / "python3", PYTHON3)),
            "UV": str(self.program(self.elsewhere / "uv", UV)),
            "PYTHON_313": str(self.program(self.elsewhere / "python3.13", PYTHON_313)),
        }
        return subprocess.run(
            [str(self.checkout / ".ci" / "setup"), *groups],
            cwd="/",
            env=environment | settings,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def calls(self) -> list[str]:
        """What was called since the last time."""
        lines = self.calls_file.read_text(encoding="utf-8").splitlines() if self.calls_file.exists() else []
        self.calls_file.unlink(missing_ok=True)
        return [line.strip() for line in lines if "--version" not in line]


PLAIN = "UV_PYTHON= UV_PYTHON_PREFERENCE="
SYNC = "uv sync --locked --inexact --no-default-groups"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def machine_with_uv(machine: Machine) -> Machine:
    machine.program(machine.path / "uv", UV)
    return machine


def test_uv_on_path_does_the_ordinary_thing(machine_with_uv: Machine) -> None:
    done = machine_with_uv.set_up()
    assert done.returncode == 0, done.stderr
    assert machine_with_uv.calls() == [f"uv python find --system 3.13 {PLAIN}", f"{SYNC} {PLAIN}"]


def test_nothing_is_done_twice(machine_with_uv: Machine) -> None:
    machine_with_uv.set_up()
    machine_with_uv.calls()
    assert machine_with_uv.set_up().returncode == 0
    assert machine_with_uv.calls() == []


@pytest.mark.parametrize("file", ["uv.lock", "pyproject.toml", "infra/cli/pyproject.toml"])
def test_a_changed_lock_or_project_is_installed(machine_with_uv: Machine, file: str) -> None:
    machine_with_uv.set_up()
    machine_with_uv.calls()
    (machine_with_uv.checkout / file).write_text("# changed\n", encoding="utf-8")
    machine_with_uv.set_up()
    # The environment is there and right, so its Python is not chosen anew.
    assert machine_with_uv.calls() == [f"{SYNC} {PLAIN}"]


def test_a_package_removed_by_hand_is_installed_again(machine_with_uv: Machine) -> None:
    machine_with_uv.set_up()
    machine_with_uv.calls()
    packages = machine_with_uv.checkout / ".venv" / "lib" / "python3.13" / "site-packages"
    stamp = (machine_with_uv.checkout / ".venv" / ".set-up-for-demo").stat().st_mtime
    os.utime(packages, (stamp + 5, stamp + 5))
    machine_with_uv.set_up()
    assert machine_with_uv.calls() == [f"{SYNC} {PLAIN}"]


def test_groups_are_installed_and_remembered_for_themselves(machine_with_uv: Machine) -> None:
    machine_with_uv.set_up()
    machine_with_uv.calls()
    machine_with_uv.set_up("dev", "infra")
    assert machine_with_uv.calls() == [f"{SYNC} --group dev --group infra {PLAIN}"]
    machine_with_uv.set_up("dev", "infra")
    machine_with_uv.set_up()
    assert machine_with_uv.calls() == []


def test_bytecode_is_compiled_once_where_python_may_not_keep_it(machine_with_uv: Machine) -> None:
    machine_with_uv.set_up("dev", PYTHONDONTWRITEBYTECODE="1")
    assert machine_with_uv.calls()[-1] == f"{SYNC} --group dev --compile-bytecode {PLAIN}"


def test_a_failed_installation_is_tried_again(machine: Machine) -> None:
    machine.program(machine.path / "uv", '[ "$1" = sync ] && exit 3; exit 0\n')
    assert machine.set_up().returncode == 3
    machine.program(machine.path / "uv", UV)
    assert machine.set_up().returncode == 0
    assert machine.calls()[-1] == f"{SYNC} {PLAIN}"


def test_a_python_shim_that_does_not_run_is_passed_over_for_one_call_only(machine_with_uv: Machine) -> None:
    machine_with_uv.program(machine_with_uv.path / "python3.13", BROKEN)
    versions = machine_with_uv.home / ".pyenv" / "versions"
    machine_with_uv.program(versions / "3.13.0" / "bin" / "python3.13", BROKEN)
    working = machine_with_uv.program(versions / "3.13.1" / "bin" / "python3.13", PYTHON_313)
    machine_with_uv.set_up(UV_FINDS_PYTHON="2")
    assert machine_with_uv.calls() == [
        f"uv python find --system 3.13 {PLAIN}",
        f"{SYNC} UV_PYTHON={working} UV_PYTHON_PREFERENCE=",
    ]


def test_pyenv_is_looked_for_where_its_root_is(machine_with_uv: Machine, tmp_path: Path) -> None:
    working = machine_with_uv.program(tmp_path / "my pyenv/versions/3.13.4/bin/python3.13", PYTHON_313)
    machine_with_uv.set_up(UV_FINDS_PYTHON="2", PYENV_ROOT=str(tmp_path / "my pyenv"))
    assert machine_with_uv.calls()[-1] == f"{SYNC} UV_PYTHON={working} UV_PYTHON_PREFERENCE="


def test_without_any_python_313_uv_brings_its_own(machine_with_uv: Machine) -> None:
    machine_with_uv.set_up(UV_FINDS_PYTHON="2")
    assert machine_with_uv.calls()[-1] == f"{SYNC} UV_PYTHON= UV_PYTHON_PREFERENCE=only-managed"


def test_a_choice_of_the_user_stands(machine_with_uv: Machine) -> None:
    machine_with_uv.set_up(UV_PYTHON="/their/python", UV_FINDS_PYTHON="2")
    assert machine_with_uv.calls() == [f"{SYNC} UV_PYTHON=/their/python UV_PYTHON_PREFERENCE="]


def test_without_uv_a_private_one_is_made_with_venv(machine: Machine) -> None:
    machine.program(machine.path / "python3", PYTHON3)
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert machine.calls() == [
        "python3 -m venv --clear .local/tools/uv",
        "python3 -m pip install --quiet uv",
        f"uv python find --system 3.13 {PLAIN}",
        f"{SYNC} {PLAIN}",
    ]
    # The next installation finds it there.
    (machine.checkout / "uv.lock").write_text("# changed\n", encoding="utf-8")
    machine.set_up()
    assert machine.calls() == [f"{SYNC} {PLAIN}"]


def test_a_uv_on_path_that_does_not_run_counts_as_none(machine: Machine) -> None:
    machine.program(machine.path / "uv", BROKEN)
    machine.program(machine.path / "python3", PYTHON3)
    assert machine.set_up().returncode == 0
    assert machine.calls()[-1] == f"{SYNC} {PLAIN}"


def test_without_venv_the_private_uv_is_made_with_pip(machine: Machine) -> None:
    machine.program(machine.path / "python3", PYTHON3)
    assert machine.set_up(MODULES="pip").returncode == 0
    assert machine.calls()[:3] == [
        "python3 -m venv --clear .local/tools/uv",
        "python3 -m pip install --quiet --target .local/tools/uv uv",
        f"uv python find --system 3.13 {PLAIN}",
    ]


def test_the_first_python3_that_can_is_used(machine: Machine, tmp_path: Path) -> None:
    machine.program(tmp_path / "shims" / "python3", BROKEN)
    machine.program(machine.path / "python3", PYTHON3)
    done = machine.set_up(PATH=f"{tmp_path / 'shims'}:{machine.path}")
    assert done.returncode == 0, done.stderr
    assert machine.calls()[-1] == f"{SYNC} {PLAIN}"


@pytest.mark.parametrize("python3", [PYTHON3, BROKEN, None])
def test_a_machine_that_cannot_gets_one_line_that_says_what_to_install(machine: Machine, python3: str | None) -> None:
    if python3 is not None:
        machine.program(machine.path / "python3", python3)
    done = machine.set_up(MODULES="")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "setup: install uv, or a python3 with the venv or pip module (on Debian and Ubuntu: apt install python3-venv)\n"
    )
    assert not (machine.checkout / ".venv").exists()
