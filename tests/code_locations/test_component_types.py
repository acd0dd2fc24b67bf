"""A component has one name: the one that `defs.yaml` uses, in every command of `dg` and in editors."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from platform_contract.local_paths import checkout

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROOT = checkout(Path(__file__))
LOCATIONS = ROOT / "code_locations"
DG = ROOT / ".venv" / "bin" / "dg"
LAKEHOUSE = "databricks_delta.components.LakehouseComponent"
MEDALLION = "snowflake_medallion.components.MedallionComponent"
CHECK_TYPES = "['not_null', 'unique', 'accepted_range', 'row_conservation', 'volume', 'freshness', 'periods_covered']"
COLUMN_TYPES = "string|boolean|int|bigint|double|date|timestamp|timestamp_ntz|binary|decimal"
# What `dg` asks an editor, which is no part of this.
EDITOR = "#!/bin/sh\necho redhat.vscode-yaml\n"


def declared_types() -> set[str]:
    files = LOCATIONS.glob("*/src/*/defs/*/defs.yaml")
    return {yaml.safe_load(file.read_text(encoding="utf-8"))["type"] for file in files}


def dg(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(DG), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONWARNINGS": "ignore", "COLUMNS": "400", **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def location(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a code location, for what commands write."""
    folder = tmp_path_factory.mktemp("checkout") / "databricks_delta"
    return Path(shutil.copytree(LOCATIONS / "databricks_delta", folder, ignore=shutil.ignore_patterns("sample_data")))


def test_the_components_of_defs_yaml_are_listed_once_under_that_name() -> None:
    listed = dg(LOCATIONS / "snowflake_medallion", "list", "components", "--json")
    assert listed.returncode == 0, listed.stderr
    keys = [component["key"] for component in json.loads(listed.stdout)["items"]]
    own = [key for key in keys if key.partition(".")[0] in {folder.name for folder in LOCATIONS.iterdir()}]
    assert sorted(own) == sorted(declared_types())


@pytest.mark.parametrize("name", [LAKEHOUSE, MEDALLION])
def test_a_component_is_inspected_by_that_name(name: str) -> None:
    told = dg(LOCATIONS / name.partition(".")[0], "utils", "inspect-component", name, "--defs-yaml-json-schema")
    assert told.returncode == 0, told.stdout
    domain = json.loads(told.stdout)["properties"]["attributes"]["properties"]["domain"]
    assert domain["description"].startswith("Domain of the platform")
    assert len(domain["examples"]) == 1


def test_an_editor_is_given_the_schema_of_each(location: Path, tmp_path: Path) -> None:
    editor = tmp_path / "bin" / "code"
    editor.parent.mkdir()
    editor.write_text(EDITOR, encoding="utf-8")
    editor.chmod(0o755)
    variables = {"PATH": f"{editor.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    configured = dg(location, "utils", "configure-editor", "vscode", **variables)
    assert configured.returncode == 0, configured.stdout + configured.stderr
    schema = json.loads((location / ".dg" / "schema.json").read_text(encoding="utf-8"))
    known = {about.get("properties", {}).get("type", {}).get("const") for about in schema["$defs"].values()}
    assert declared_types() <= known


def test_a_check_of_yaml_says_what_was_meant(location: Path) -> None:
    declaration = location / "src" / "databricks_delta" / "defs" / "weather" / "defs.yaml"
    right = declaration.read_text(encoding="utf-8")
    wrong = right.replace("{ type: row_conservation }", "{ type: row_conservaton }")
    declaration.write_text(wrong.replace("temp_c: { type: double", "temp_c: { type: dubble", 1), encoding="utf-8")
    told = dg(location, "check", "yaml")
    declaration.write_text(right, encoding="utf-8")
    assert told.returncode == 1
    faults = [line for line in told.stdout.splitlines() if line.startswith(str(declaration))]
    check, column = sorted(fault.partition(LAKEHOUSE)[2].strip() for fault in faults)
    assert check == f"attributes.tables.0.checks.2.type 'row_conservaton' is not one of {CHECK_TYPES}"
    assert column.startswith(f"attributes.tables.0.columns.temp_c.type 'dubble' does not match '^({COLUMN_TYPES}")


@pytest.mark.parametrize("name", ["architecture_patterns", "databricks_delta", "snowflake_medallion"])
def test_what_is_shipped_passes(name: str) -> None:
    told = dg(LOCATIONS / name, "check", "yaml")
    assert told.returncode == 0, told.stdout
