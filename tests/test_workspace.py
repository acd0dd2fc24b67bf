import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
LOCATIONS = {"databricks_delta", "snowflake_medallion", "architecture_patterns"}
# What only production, infrastructure, deployment or the rehearsal may bring in.
CLOUD_PACKAGES = {
    "dagster-cloud",
    "dagster-databricks",
    "dagster-snowflake",
    "databricks-sdk",
    "databricks-sql-connector",
    "dbt-snowflake",
    "fakesnow",
    "pulumi",
    "pulumi-databricks",
    "pulumi-snowflake",
    "pyspark",
    "snowflake-connector-python",
}


def lock() -> dict[str, dict]:
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return {package["name"]: package for package in packages}


def closure(packages: dict[str, dict], wanted: list[dict]) -> set[str]:
    seen: set[str] = set()
    waiting = list(wanted)
    while waiting:
        dependency = waiting.pop()
        package = packages[dependency["name"]]
        for extra in dependency.get("extra", []):
            waiting += package.get("optional-dependencies", {}).get(extra, [])
        if package["name"] not in seen:
            seen.add(package["name"])
            waiting += package.get("dependencies", [])
    return seen


def test_every_tool_knows_the_same_code_locations() -> None:
    dg = tomllib.loads((ROOT / "dg.toml").read_text(encoding="utf-8"))
    assert {Path(project["path"]).name for project in dg["workspace"]["projects"]} == LOCATIONS
    local = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))
    assert {entry["python_module"]["location_name"] for entry in local["load_from"]} == LOCATIONS
    hosted = yaml.safe_load((ROOT / "dagster_cloud.yaml").read_text(encoding="utf-8"))
    assert {entry["location_name"] for entry in hosted["locations"]} == LOCATIONS


def test_dagster_plus_accepts_its_configuration() -> None:
    models = pytest.importorskip("dagster_cloud_cli.config.models")
    text = (ROOT / "dagster_cloud.yaml").read_text(encoding="utf-8")
    loaded = models.load_dagster_cloud_yaml(text)
    assert {location.code_source.module_name for location in loaded.locations} == {
        f"{n}.definitions" for n in LOCATIONS
    }


def test_the_demo_installs_no_cloud_client() -> None:
    packages = lock()
    demo = closure(packages, packages["data-platform"]["dependencies"])
    assert {"dagster", "dbt-duckdb", "deltalake", "duckdb"} <= demo
    assert not demo & CLOUD_PACKAGES


@pytest.mark.parametrize(
    ("group", "brought"),
    [
        ("snowflake", "dbt-snowflake"),
        ("databricks", "dagster-databricks"),
        ("production", "dagster-snowflake"),
        ("infra", "pulumi-snowflake"),
        ("deploy", "dagster-cloud"),
        ("rehearsal", "pyspark"),
    ],
)
def test_every_cloud_client_has_a_group_that_brings_it(group: str, brought: str) -> None:
    packages = lock()
    assert brought in closure(packages, packages["data-platform"]["dev-dependencies"][group])


def test_dbt_stays_below_the_version_that_downloads_its_parser() -> None:
    major, minor, *_ = lock()["dbt-core"]["version"].split(".")
    assert (int(major), int(minor)) < (1, 12)
