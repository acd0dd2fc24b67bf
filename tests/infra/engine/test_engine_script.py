"""`.ci/pulumi` with a Go and a CLI of the test's own, and what the tests do where neither is to be had."""

import importlib.metadata
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.version import Version
from platform_contract.local_paths import checkout

from tests.infra.engine.harness.pulumi_engine import find_engine, require_engine

SCRIPT = checkout(Path(__file__)) / ".ci" / "pulumi"
PROGRAMS = ["pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python"]
# All that the script finds on the machine's PATH: whatever Go or CLI there is beside them, it sees none.
TOOLS = ("chmod", "dirname", "head", "install", "mkdir", "mktemp", "mv", "rm", "sed", "sh", "sort")

# What the script asks of Go, answered in a moment; each call leaves a line in $GO_CALLS.
GO = """#!/bin/sh
echo "$1" >>"$GO_CALLS"
case $1 in
build)
    [ -z "${GO_FAILS:-}" ] || exit 1
    while [ "$1" != -o ]; do shift; done
    echo built >"$2" && chmod +x "$2" ;;
list) echo "$GO_MODULE" ;;
esac
"""


class Machine:
    """A machine with a cache folder, a PATH of its own and, where a test puts it there, Go."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.bin = home / "bin"
        self.bin.mkdir(parents=True)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
        module = home / "module"
        for script in ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python"):
            (module / script).parent.mkdir(parents=True)
            (module / script).write_text("#!/bin/sh\n", encoding="utf-8")
        self.environment = {
            "PATH": str(self.bin),
            "XDG_CACHE_HOME": str(home / "cache"),
            "GO_CALLS": str(home / "go_calls"),
            "GO_MODULE": str(module),
        }

    def install(self, command: str, text: str) -> None:
        (self.bin / command).write_text(text, encoding="utf-8")
        (self.bin / command).chmod(0o755)

    def run(self, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bin / "sh"), str(SCRIPT)],
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def go_calls(self) -> list[str]:
        calls = self.home / "go_calls"
        return calls.read_text(encoding="utf-8").split() if calls.exists() else []

    def cached(self) -> list[str]:
        return sorted(found.name for found in self.home.glob("cache/data-platform/pulumi/*"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_engine_is_built_once_and_found_after_that(machine: Machine) -> None:
    machine.install("go", GO)

    first, second = machine.run(), machine.run()

    assert first.returncode == 0, first.stderr
    engine = Path(first.stdout.strip())
    assert sorted(found.name for found in engine.iterdir()) == PROGRAMS
    assert all(os.access(found, os.X_OK) for found in engine.iterdir())
    assert second.stdout == first.stdout
    assert machine.go_calls().count("build") == 2


def test_an_engine_that_lacks_a_part_is_built_anew(machine: Machine) -> None:
    machine.install("go", GO)
    engine = Path(machine.run().stdout.strip())
    (engine / "pulumi-language-python").unlink()

    assert machine.run().returncode == 0

    assert sorted(found.name for found in engine.iterdir()) == PROGRAMS


def test_a_build_that_fails_leaves_nothing_that_looks_finished(machine: Machine) -> None:
    machine.install("go", GO)

    assert machine.run(GO_FAILS="yes").returncode != 0

    assert machine.cached() == []


def released(version: str) -> str:
    """A CLI that says which version it is."""
    return f'#!/bin/sh\n[ "$1" = version ] && echo {version}\n'


def test_a_released_cli_is_used_as_it_is(machine: Machine) -> None:
    machine.install("go", GO)
    machine.install("pulumi", released("v3.1000.0"))

    assert machine.run().stdout.strip() == str(machine.bin)
    assert machine.go_calls() == []


@pytest.mark.parametrize("version", ["v3.271.9", "v2.999.0", "no version"])
def test_a_cli_that_is_older_than_the_sdk_is_passed_over(machine: Machine, version: str) -> None:
    machine.install("go", GO)
    machine.install("pulumi", released(version))

    assert machine.run().stdout.strip() != str(machine.bin)
    assert machine.go_calls().count("build") == 2


@pytest.mark.parametrize(("version", "used"), [("v3.274.1", True), ("v3.1000.0", False)])
def test_every_job_of_ci_has_the_version_that_is_pinned(machine: Machine, version: str, used: bool) -> None:
    machine.install("go", GO)
    machine.install("pulumi", released(version))

    assert (machine.run(CI="true").stdout.strip() == str(machine.bin)) is used
    assert ("build" in machine.go_calls()) is not used


def test_the_pinned_version_serves_the_sdk() -> None:
    pinned = re.search(r"^VERSION=v(\S+)$", SCRIPT.read_text(encoding="utf-8"), re.MULTILINE)
    assert pinned is not None
    assert Version(pinned[1]) >= Version(importlib.metadata.version("pulumi"))


def test_without_go_the_script_says_what_to_install(machine: Machine) -> None:
    refused = machine.run()

    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "install either one" in refused.stderr


def test_without_an_engine_a_laptop_skips_and_ci_fails(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(machine.bin))
    monkeypatch.setenv("XDG_CACHE_HOME", machine.environment["XDG_CACHE_HOME"])
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"run `sh \.ci/pulumi`"):
        require_engine()

    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match=r"run `sh \.ci/pulumi`"):
        require_engine()


def test_the_tests_find_what_the_script_has_built(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.install("go", GO)
    built = Path(machine.run().stdout.strip())
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("XDG_CACHE_HOME", machine.environment["XDG_CACHE_HOME"])

    assert find_engine() == built
