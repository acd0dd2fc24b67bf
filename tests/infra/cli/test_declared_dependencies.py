"""The commands declare what they import: what another package happens to bring may be gone tomorrow."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from platform_contract.local_paths import checkout

ROOT = checkout(Path(__file__))
PACKAGE = ROOT / "infra" / "cli"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (one for extra in project["optional-dependencies"].values() for one in extra)
    wanted = (*project["dependencies"], *extras, project["name"])
    return {normal(re.split(r"[\[<>=~! ]", one, maxsplit=1)[0]) for one in wanted}


def imported() -> Iterator[tuple[str, str]]:
    """Each module from elsewhere, by its first word, and the file that imports it."""
    for file in sorted((PACKAGE / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    yield from ((one.name.partition(".")[0], file.name) for one in names)
                case ast.ImportFrom(module=str() as module, level=0):
                    yield module.partition(".")[0], file.name


def test_the_commands_declare_what_they_import() -> None:
    known, brought_by = declared(), packages_distributions()
    # A package of this workspace is installed as a path, and its name says what it brings.
    missing = {
        (name, file)
        for name, file in imported()
        if name not in sys.stdlib_module_names and not known & {normal(one) for one in brought_by.get(name, [name])}
    }
    assert missing == set()
