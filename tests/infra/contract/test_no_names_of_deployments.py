"""No code knows a deployment by its name: traits answer, and a name is data (TOML, YAML, SQL) or a test's."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from platform_contract.deployment import deployments
from platform_contract.local_paths import checkout

ROOT = checkout(Path(__file__))
NAMES = tuple(one.name for one in (deployments().laptop, *deployments().standing))
# A word of its own in a text; `local` is an everyday one, and counts where it is all of the text.
_WORD = re.compile(rf"(?<![\w-])({'|'.join(one.name for one in deployments().standing)})(?![\w-])")
_CONSTANT = {name.upper() for name in NAMES} | {f"_{name.upper()}" for name in NAMES}
# Words that are no deployment's name: `dev` starts the UI of Dagster; a folder of `infra`, and a sort of storage,
# is called `local`.
_OTHER_WORDS = {
    "composable_resources/storage_choice.py": "LOCAL",
    "platform_cli/main.py": "dev",
    "commands/dev.py": "dev",
    "bench/measures.py": "dev",
    "stacks/programs.py": "local",
}
_COMMAND = re.compile(r"(make|dg) dev\b")


def modules() -> list[Path]:
    places = ("infra", "code_locations", "dbt_project", ".ci")
    found = (file for place in places for file in (ROOT / place).rglob("*.py"))
    return sorted(file for file in found if ".venv" not in file.parts)


def test_there_is_code_to_look_at() -> None:
    assert len(modules()) > 300


@pytest.mark.parametrize("name", ["prod", "dev", "local"])
def test_a_name_in_code_is_found(name: str) -> None:
    assert list(named(f'"""A docstring."""\nif deployment.name == "{name}":\n    pass\n', frozenset())) == [
        f"2: {name!r}"
    ]
    assert list(named(f"from contract import {name.upper()}\n", frozenset())) == [f"1: {name.upper()}"]
    assert list(named(f"kind = Kind.{name.upper()}\n", frozenset())) == [f"1: {name.upper()}"]


def test_a_name_inside_a_message_is_found_and_a_command_is_none() -> None:
    assert list(named('error = f"{one}: set it in dev or prod"\n', frozenset())) == ["1: ': set it in dev or prod'"]
    assert list(named('told = "make dev  the UI"\n', frozenset())) == []


def test_no_code_names_a_deployment() -> None:
    found = [f"{file.relative_to(ROOT)}:{one}" for file in modules() for one in named(read(file), other_words(file))]
    assert found == []


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def other_words(file: Path) -> frozenset[str]:
    return frozenset(word for end, word in _OTHER_WORDS.items() if file.as_posix().endswith(f"/{end}"))


def named(source: str, allowed: frozenset[str]) -> Iterator[str]:
    """`<line>: <what>` for each constant, text or name in a module that names a deployment, docstrings apart."""
    tree = ast.parse(source)
    documentation = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as text) if id(node) not in documentation:
                if text not in allowed and (text in NAMES or _WORD.search(_COMMAND.sub("", text))):
                    yield f"{node.lineno}: {text!r}"
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name) if name in _CONSTANT - allowed:
                yield f"{node.lineno}: {name}"
