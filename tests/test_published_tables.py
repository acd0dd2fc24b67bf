"""A table that a lakehouse publishes, and the raw table that says where it comes from, are declared in two files."""

from pathlib import Path

import yaml
from platform_contract.domain import Engine
from platform_contract.local_paths import checkout
from platform_runtime.lakehouse.declared_lakehouses import lakehouses_of_checkout

ROOT = checkout(Path(__file__))


def published() -> set[tuple[str, str, str]]:
    return {
        (f"{one.declaration.domain}/{table.layer}/{table.name}", table.publish, table.name)
        for one in lakehouses_of_checkout(ROOT)
        for table in one.declaration.tables
        if table.publish is not None
    }


def received() -> set[tuple[str, str, str]]:
    files = ROOT.glob("code_locations/snowflake_medallion/src/*/defs/*/defs.yaml")
    declared = [yaml.safe_load(file.read_text(encoding="utf-8"))["attributes"] for file in files]
    return {
        (table["published_from"], one["domain"], table.get("files", table["name"]))
        for one in declared
        for table in one["tables"]
        if "published_from" in table
    }


def test_what_is_published_is_received_and_names_its_source() -> None:
    assert published() == received() == {("weather/silver/weather_readings", "flights", "weather_readings")}


def test_an_engines_code_location_is_one_of_the_workspace() -> None:
    workspace = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))
    names = {target["location_name"] for entry in workspace["load_from"] for target in entry.values()}
    assert {engine.code_location for engine in Engine} <= names
