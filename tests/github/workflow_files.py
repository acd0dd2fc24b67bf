"""The workflows and shared steps of the repository, as data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from platform_contract.local_paths import checkout

ROOT = checkout(Path(__file__))
FOLDER = ROOT / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.yml"))
ACTIONS = sorted((FOLDER / "actions").glob("*/action.yml"))


class _Loader(yaml.SafeLoader):
    """YAML as GitHub reads it: `on` is a word."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if first not in "oO" or not tag.endswith(":bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(file: Path) -> dict[str, Any]:
    """A file's content."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader


def workflow(name: str) -> dict[str, Any]:
    """A workflow by the name of its file."""
    return read(FOLDER / "workflows" / name)


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every job of every workflow, as `<file>:<job>`."""
    for file in WORKFLOWS:
        for name, job in read(file)["jobs"].items():
            yield f"{file.name}:{name}", job


def steps_of(job: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a job, those of the repository's shared steps in their place."""
    found: list[dict[str, Any]] = []
    for step in job.get("steps") or job["runs"]["steps"]:
        uses = step.get("uses", "")
        found += steps_of(read(ROOT / uses / "action.yml")) if uses.startswith("./") else [step]
    return found
