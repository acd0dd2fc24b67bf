"""No logic in the workflows: every `run:` is one line that names a make target, a script or a command, rightly."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from platform_cli.main import main

from tests.github.workflow_files import ACTIONS, ROOT, WORKFLOWS, read, steps_of

PLATFORM = ".venv/bin/platform"
# What stands for the variables of a job's steps.
VALUES = {"AFTER": "dev", "DEPLOYMENT": "pr-7", "STACK": "dev", "RUNNER_TEMP": "/tmp"}  # noqa: S108
_OPERATORS = re.compile(r"[;&|<>`]|\$\(|\$\{\{|\n")


def lines() -> Iterator[str]:
    for file in (*WORKFLOWS, *ACTIONS):
        content = read(file)
        for job in content.get("jobs", {"": content}).values():
            yield from (step["run"] for step in steps_of(job) if "run" in step)


LINES = sorted(set(lines()))


def test_there_are_lines_to_look_at() -> None:
    assert len(LINES) > 15


@pytest.fixture(autouse=True)
def variables_of_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The options that a step sets by a variable of its environment."""
    for name in ("STEPS", "VARIABLES"):
        monkeypatch.setenv(name, "{}")


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_one_command_and_nothing_else(line: str) -> None:
    assert not _OPERATORS.search(line), "a line is one command, without shell operators, substitution or expression"
    program, *arguments = shlex.split(line)
    if program == "make":
        check_target(arguments)
    elif program == PLATFORM:
        check_command(arguments)
    else:
        script = ROOT / program
        assert script.parent.name == ".ci", f"{program} is neither a make target, a script of .ci nor a command"
        assert script.stat().st_mode & 0o100, f"{program} cannot be started"


def check_target(arguments: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    target, *variables = arguments
    assert re.search(rf"^{re.escape(target)}:.*## ", makefile, re.MULTILINE), f"make has no target {target}"
    for variable in variables:
        name = variable.partition("=")[0]
        recipe = makefile[makefile.index(f"\n{target}:") :].partition("\n\n")[0]
        assert f"$({name})" in recipe, f"make {target} takes no {name}"


def check_command(arguments: list[str]) -> None:
    """Have the command's own parser read the words, with something in the place of each variable."""
    words = [re.sub(r"\$(\w+)", lambda found: VALUES[found[1]], word) for word in arguments]
    context = click.Context(main)
    command: click.Command = main
    while isinstance(command, click.Group):
        name, *words = words
        found = command.get_command(context, name)
        assert found is not None, f"there is no command {name}"
        command = found
    if command.name == "as-job":
        check_command(words)
        return
    with command.make_context(str(command.name), words, parent=context, auto_envvar_prefix=None) as parsed:
        assert parsed.args == []


def test_a_wrong_line_is_found() -> None:
    lacking = ["remove", "--deployment", "pr-7", "--because"]
    for wrong in (["nothing"], ["drift"], ["drift", "--stak", "dev"], ["ci-matrix", "nothing"], [*lacking, "boredom"]):
        with pytest.raises((AssertionError, click.UsageError)):
            check_command(wrong)
    for wrong in (["nothing"], ["up", "STAK=dev"]):
        with pytest.raises(AssertionError):
            check_target(wrong)
