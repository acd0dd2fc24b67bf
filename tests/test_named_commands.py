"""What documents and messages tell a person to run is there, with the variables and options that they name."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from platform_cli.main import main

ROOT = Path(__file__).parents[1]
_VARIABLES = r"(?P<rest>(?: [A-Z_]+=(?:\"[^\"]*\"|'[^']*'|[^\s`]*))*)"
# In words of code, or anywhere with a variable: `make sure` is no target.
_MAKE = (
    re.compile(rf"`make (?P<name>[a-z][a-z-]*){_VARIABLES}"),
    re.compile(rf"\bmake (?P<name>[a-z][a-z-]*)(?= [A-Z_]+=){_VARIABLES}"),
)
_IN_SHELL = re.compile(rf"^make (?P<name>[a-z][a-z-]*){_VARIABLES}", re.MULTILINE)
_PLATFORM = re.compile(r"`(?:\.venv/bin/)?platform (?P<name>[a-z][a-z-]*)(?P<rest>[^`]*)`")


def texts() -> Iterator[str]:
    listed = subprocess.run(
        ["git", "ls-files", "*.md", "*.py", "*.yaml", "*.yml"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if not name.startswith("tests/"):
            yield (ROOT / name).read_text(encoding="utf-8")


def make_words() -> set[tuple[str, tuple[str, ...]]]:
    found = [word for text in texts() for form in _MAKE for word in form.finditer(text)]
    shells = [part for text in texts() for part in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)]
    found += [word for shell in shells for word in _IN_SHELL.finditer(shell)]
    return {(word["name"], tuple(re.findall(r"([A-Z_]+)=", word["rest"]))) for word in found}


def platform_words() -> set[tuple[str, tuple[str, ...]]]:
    found = [word for text in texts() for word in _PLATFORM.finditer(text)]
    return {(word["name"], tuple(re.findall(r"--[a-z-]+", word["rest"]))) for word in found}


def rule(makefile: str, target: str) -> str:
    """A target with its recipe and what `make help` says of it."""
    begins = re.search(rf"^{re.escape(target)}:.*## ", makefile, re.MULTILINE)
    assert begins is not None, f"make has no target {target}"
    return makefile[begins.start() :].partition("\n\n")[0]


@pytest.mark.parametrize(("target", "variables"), sorted(make_words()))
def test_a_target_that_is_named_is_there_and_takes_what_is_named_with_it(
    target: str, variables: tuple[str, ...]
) -> None:
    found = rule((ROOT / "Makefile").read_text(encoding="utf-8"), target)
    for name in variables:
        # Either make hands it on, or the command takes it from the environment, and `make help` says so.
        assert f"$({name})" in found or f"{name}=" in found, f"make {target} takes no {name}"


@pytest.mark.parametrize(("name", "options"), sorted(platform_words()))
def test_a_command_that_is_named_is_there_and_takes_what_is_named_with_it(name: str, options: tuple[str, ...]) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None, f"there is no command {name}"
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert set(options) <= known


def test_there_are_words_to_look_at() -> None:
    assert len(make_words()) > 30
    assert len(platform_words()) > 10
