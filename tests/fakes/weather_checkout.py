"""A small checkout that declares the shipped lakehouse, and nothing else, in files of its own."""

import shutil
from pathlib import Path

import yaml

from tests.code_locations.databricks_delta.lakehouse_under_test import SHIPPED_DEFS
from tests.fakes.small_checkout import write_small_checkout

_WORKSPACE = "load_from:\n  - python_file: {relative_path: weather.py, location_name: databricks_delta}\n"
_LOCATION = """
from pathlib import Path
from types import ModuleType

import dagster as dg

module = ModuleType("defs_of_the_checkout")
module.__file__, module.__path__ = None, [str(Path(__file__).parent / "defs")]
tree = dg.ComponentTree.from_module(defs_module=module, project_root=Path(__file__).parent)
defs = tree.build_defs_at_path(Path())
"""


def write_weather_checkout(checkout: Path) -> Path:
    """Write it; the folder with the lakehouse's declaration and SQL files, for a test to change."""
    write_small_checkout(checkout)
    (checkout / "workspace.yaml").write_text(_WORKSPACE, encoding="utf-8")
    (checkout / "weather.py").write_text(_LOCATION, encoding="utf-8")
    shutil.copytree(SHIPPED_DEFS, checkout / "defs", ignore=shutil.ignore_patterns("__pycache__"))
    return checkout / "defs" / "weather"


def make_lean(declaration: Path) -> None:
    """Let a lakehouse be built in no time: two months, no checks, no pictures."""
    declared = yaml.safe_load(declaration.read_text(encoding="utf-8"))
    attributes = declared["attributes"]
    attributes["partitioning"] = {"granularity": "month", "start": "2013-01", "end": "2013-03"}
    for table in (*(source["bronze"] for source in attributes["sources"]), *attributes["tables"]):
        table.pop("checks", None)
        table.pop("plot", None)
    declaration.write_text(yaml.safe_dump(declared, sort_keys=False, allow_unicode=True), encoding="utf-8")


def edit(file: Path, before: str, after: str) -> None:
    """Change what occurs once in a file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), encoding="utf-8")
