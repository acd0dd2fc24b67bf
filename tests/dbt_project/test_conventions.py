"""What the project promises of itself, read off the manifest that its runs use."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from platform_contract.domain import Engine
from platform_contract.domains import place_of
from platform_contract.layer import Layer
from snowflake_medallion.dbt_engine import DuckDBEngine
from snowflake_medallion.dbt_manifest import manifest_folder

from tests.fakes.shop_story import Story
from tests.fakes.shop_tables import SHOP, SHOP_TABLES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PROJECT = Path(__file__).parents[2] / "dbt_project"


@pytest.fixture(scope="module")
def manifest(story: Story) -> dict[str, Any]:
    folder = manifest_folder(PROJECT.resolve(), DuckDBEngine(story.paths, 0))
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tables(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "snapshot")]


def layer_of(node: dict[str, Any]) -> Layer:
    place = place_of(Engine.SNOWFLAKE, node["schema"])
    assert place is not None, node["name"]
    return place.layer


def test_every_table_is_in_the_schema_of_its_layer_and_the_contracts_database(
    story: Story, tables: list[dict[str, Any]]
) -> None:
    assert sum(node["resource_type"] == "model" for node in tables) >= 9
    for node in tables:
        assert node["database"] == story.paths.analytics_database.stem
        assert layer_of(node) in (Layer.BRONZE, Layer.SILVER, Layer.GOLD)
        assert node["name"].startswith(f"{layer_of(node)}_")


def test_sources_are_the_tables_that_the_raw_load_makes(story: Story, manifest: dict[str, Any]) -> None:
    sources = {source["name"]: source for source in manifest["sources"].values() if source["source_name"] == SHOP.name}
    assert {name: tuple(source["columns"]) for name, source in sources.items()} == {
        table.name: tuple(table.column_types) for table in SHOP_TABLES
    }
    for source in sources.values():
        assert source["database"] == story.paths.raw_database.stem
        assert source["schema"] == SHOP.name
        assert source["loaded_at_field"] == "_loaded_at"


def test_no_time_is_what_a_session_takes_timestamp_for(tables: list[dict[str, Any]]) -> None:
    declared = {column["data_type"] for node in tables for column in node["columns"].values()}
    assert "datetime" in declared
    assert "timestamp" not in declared
    files = [file for kind in ("*.sql", "*.yml") for file in PROJECT.rglob(kind) if "target" not in file.parts]
    assert len(files) > 20
    cast = re.compile(r"(\bas|::)\s*timestamp\b", re.IGNORECASE)
    assert [file.name for file in files if cast.search(file.read_text(encoding="utf-8"))] == []


def test_every_table_and_column_is_described_and_owned(story: Story, tables: list[dict[str, Any]]) -> None:
    for node in tables:
        assert node["description"], node["name"]
        assert node["config"]["group"], node["name"]
        undescribed = [name for name, column in node["columns"].items() if not column["description"]]
        assert undescribed == [], node["name"]
        # The story is the shop's.
        if node["resource_type"] == "model" and "shop" in node["fqn"]:
            (first, *_) = story.year.tables[f"{node['schema']}.{node['name']}"] or [dict.fromkeys(node["columns"])]
            assert list(first) == list(node["columns"]), node["name"]


def test_gold_models_have_contracts_and_a_key_that_is_tested(
    manifest: dict[str, Any], tables: list[dict[str, Any]]
) -> None:
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    unique = {
        node["attached_node"]
        for node in tests
        if (node.get("test_metadata") or {}).get("name") in ("unique", "unique_together")
    }
    for node in tables:
        if layer_of(node) is Layer.GOLD and node["resource_type"] == "model":
            assert node["contract"]["enforced"], node["name"]
            assert node["unique_id"] in unique, node["name"]


def test_what_can_be_built_again_is_transient_and_what_cannot_is_not(tables: list[dict[str, Any]]) -> None:
    for node in tables:
        assert node["config"]["transient"] is (layer_of(node) is not Layer.GOLD), node["name"]


def test_what_grows_for_ever_alone_is_clustered(tables: list[dict[str, Any]]) -> None:
    assert {node["name"]: node["config"]["cluster_by"] for node in tables if node["config"].get("cluster_by")} == {
        "silver_orders": ["to_date(ordered_at)"]
    }


def test_every_exposure_and_group_has_an_owner(manifest: dict[str, Any]) -> None:
    for owned in (*manifest["exposures"].values(), *manifest["groups"].values()):
        assert owned["owner"]["email"].endswith("@example.com")
    assert len(manifest["exposures"]) == 4
    assert {metric["name"] for metric in manifest["metrics"].values()} == {
        "orders",
        "revenue",
        "tax",
        "average_order_price",
    }


def test_the_project_downloads_and_reports_nothing() -> None:
    settings = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    assert settings["flags"]["send_anonymous_usage_stats"] is False
    assert not (PROJECT / "packages.yml").exists()
    assert not (PROJECT / "dependencies.yml").exists()
