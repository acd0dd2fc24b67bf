"""What is needed, worked out from small projects and declarations."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from platform_contract.databricks_names import DatabricksNames, Group
from platform_contract.deployment import parse_deployment
from platform_contract.domain import Domain, Engine
from platform_contract.domains import domain_named
from platform_infra.permissions.databricks_needs import DatabricksPlace, databricks_justified
from platform_infra.permissions.dbt_needs import dbt_needs
from platform_infra.permissions.declared_rows import declared_permissions
from platform_infra.permissions.errors import DeclarationError
from platform_infra.permissions.lakehouse_needs import lakehouse_needs
from platform_infra.permissions.snowflake_needs import snowflake_justified

from tests.deployments import PROD
from tests.platform_domains import declared_domains

DOMAINS = [domain_named("shop")]


def node(kind: str, name: str, schema: str, materialized: str, *upstream: str, **config: str) -> dict[str, Any]:
    return {
        "resource_type": kind,
        "unique_id": f"{kind}.{name}",
        "schema": schema,
        "config": {"materialized": materialized, **config},
        "depends_on": {"nodes": list(upstream)},
    }


def needed_of(tmp_path: Path, *nodes: dict[str, Any], exposes: str = "") -> set[str]:
    source = {"resource_type": "source", "unique_id": "source.orders", "schema": "shop"}
    exposure = {"label": "Sales", "depends_on": {"nodes": [exposes]}}
    manifest = tmp_path / "manifest.json"
    content = {
        "nodes": {one["unique_id"]: one for one in nodes},
        "sources": {"source.orders": source},
        "exposures": {"exposure": exposure} if exposes else {},
    }
    manifest.write_text(json.dumps(content), encoding="utf-8")
    return {str(one.right) for one in snowflake_justified(PROD, dbt_needs(manifest, DOMAINS), DOMAINS)}


IN_GOLD = {"TRANSFORMER: USAGE on DATABASE ANALYTICS", "TRANSFORMER: USAGE on SCHEMA ANALYTICS.GOLD"}


def test_a_table_is_made_and_replaced_and_what_it_reads_is_read(tmp_path: Path) -> None:
    assert needed_of(tmp_path, node("model", "sales", "gold", "table", "source.orders")) == IN_GOLD | {
        "TRANSFORMER: USAGE on DATABASE RAW",
        "TRANSFORMER: USAGE on SCHEMA RAW.SHOP",
        "TRANSFORMER: SELECT on TABLE RAW.SHOP.*",
        "TRANSFORMER: CREATE TABLE on SCHEMA ANALYTICS.GOLD",
        "TRANSFORMER: OWNERSHIP on TABLE ANALYTICS.GOLD.*",
    }


def test_a_view_needs_no_table(tmp_path: Path) -> None:
    assert needed_of(tmp_path, node("model", "sales", "gold", "view")) == IN_GOLD | {
        "TRANSFORMER: CREATE VIEW on SCHEMA ANALYTICS.GOLD",
        "TRANSFORMER: OWNERSHIP on VIEW ANALYTICS.GOLD.*",
    }


@pytest.mark.parametrize(
    ("strategy", "changes"),
    [
        ({"incremental_strategy": "append"}, {"INSERT"}),
        ({"incremental_strategy": "delete+insert"}, {"INSERT", "DELETE"}),
        ({"incremental_strategy": "merge"}, {"INSERT", "UPDATE"}),
        ({}, {"INSERT", "UPDATE"}),
    ],
)
def test_an_incremental_model_needs_what_its_strategy_does(
    tmp_path: Path, strategy: dict[str, str], changes: set[str]
) -> None:
    needed = needed_of(tmp_path, node("model", "sales", "gold", "incremental", **strategy))
    on_tables = {right for right in needed if "on TABLE ANALYTICS.GOLD.*" in right and "OWNERSHIP" not in right}
    assert on_tables == {f"TRANSFORMER: {change} on TABLE ANALYTICS.GOLD.*" for change in changes}
    assert "TRANSFORMER: CREATE VIEW on SCHEMA ANALYTICS.GOLD" in needed


def test_a_test_reads_and_makes_nothing(tmp_path: Path) -> None:
    check = node("test", "unique", "dbt_test__audit", "test", "source.orders")
    assert needed_of(tmp_path, check) == {
        "TRANSFORMER: USAGE on DATABASE RAW",
        "TRANSFORMER: USAGE on SCHEMA RAW.SHOP",
        "TRANSFORMER: SELECT on TABLE RAW.SHOP.*",
    }


def test_what_an_exposure_names_reporting_tools_read(tmp_path: Path) -> None:
    needed = needed_of(tmp_path, node("model", "sales", "gold", "view"), exposes="model.sales")
    assert {right for right in needed if right.startswith("REPORTER")} == {
        "REPORTER: USAGE on DATABASE ANALYTICS",
        "REPORTER: USAGE on SCHEMA ANALYTICS.GOLD",
        "REPORTER: SELECT on VIEW ANALYTICS.GOLD.*",
    }


def test_each_domain_has_needs_in_its_own_schemas(tmp_path: Path) -> None:
    till = Domain("till", Engine.SNOWFLAKE, ("team:till",), "till_", ())
    both = [*DOMAINS, till]
    manifest = tmp_path / "manifest.json"
    nodes = {"model.a": node("model", "a", "till_gold", "view"), "model.b": node("model", "b", "silver", "view")}
    manifest.write_text(json.dumps({"nodes": nodes, "sources": {}, "exposures": {}}), encoding="utf-8")
    text = "pipeline: load\nsnowflake_needs:\n- {who: LOADER, may: [READ], where: {stage: raw}, reason: r}"
    rows = (*dbt_needs(manifest, both), *declared_permissions(declare(tmp_path, text)).snowflake)
    needed = {str(one.right) for one in snowflake_justified(PROD, rows, both)}
    assert {right for right in needed if "CREATE VIEW" in right} == {
        "TRANSFORMER: CREATE VIEW on SCHEMA ANALYTICS.TILL_GOLD",
        "TRANSFORMER: CREATE VIEW on SCHEMA ANALYTICS.SILVER",
    }
    assert {right for right in needed if "STAGE" in right} == {
        "LOADER: READ on STAGE RAW.SHOP.LANDING",
        "LOADER: READ on STAGE RAW.TILL.LANDING",
    }
    with pytest.raises(DeclarationError, match="dbt: till is no domain in Snowflake, one of shop is"):
        snowflake_justified(PROD, dbt_needs(manifest, both), DOMAINS)


def test_a_model_outside_every_layer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"model.stray lies in schema mart.*bronze, gold, shop, silver"):
        needed_of(tmp_path, node("model", "stray", "mart", "table"))


def test_without_a_manifest_the_fix_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="dbt parse writes it"):
        dbt_needs(tmp_path / "manifest.json", DOMAINS)


LAKEHOUSE = """
type: databricks_delta.components.LakehouseComponent
attributes:
  demo_mode: "{{ demo_mode }}"
  domain: rain
  partitioning: { granularity: month, start: "2024-05" }
  sources:
    - folder: rain
      files: "*.csv"
      key: [gauge]
      event_time: at
      columns: { gauge: Gauge, at: Time }
      bronze: { table: gauges, description: As they came }
  tables: [{ table: silver.gauges, sql: gauges.sql, description: Typed, rejects_of: silver.gauges }]
"""


def place(deployment: str) -> DatabricksPlace:
    names = DatabricksNames(parse_deployment(deployment))
    return DatabricksPlace(names, {group: names.group(group) for group in Group}, "metastore", "11")


def lakehouse(tmp_path: Path, text: str) -> Path:
    defs = tmp_path / "code_locations" / "rain" / "src" / "rain" / "defs" / "gauges" / "defs.yaml"
    defs.parent.mkdir(parents=True)
    defs.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def rain(tmp_path: Path) -> Iterator[None]:
    with declared_domains(tmp_path, "rain"):
        yield


@pytest.mark.usefixtures("rain")
def test_a_lakehouse_needs_the_schemas_of_its_domain_and_its_landing_files(tmp_path: Path) -> None:
    needs = lakehouse_needs(lakehouse(tmp_path, LAKEHOUSE))
    expected = {
        "USE_CATALOG on CATALOG {catalog}",
        "USE_SCHEMA on SCHEMA {catalog}.ops",
        "READ_VOLUME on VOLUME {catalog}.ops.landing",
        *(f"USE_SCHEMA on SCHEMA {{catalog}}.rain_{layer}" for layer in ("bronze", "silver")),
        *(f"CREATE_TABLE on SCHEMA {{catalog}}.rain_{layer}" for layer in ("bronze", "silver")),
        *(
            f"{may} on TABLE {{catalog}}.rain_{layer}.*"
            for layer in ("bronze", "silver")
            for may in ("SELECT", "MODIFY", "OWNERSHIP")
        ),
    }
    for stack, who, catalog in (
        ("prod", "platform_pipelines", "platform"),
        ("pr-7", "platform_ci_dev", "platform_pr_7"),
    ):
        needed = {str(one.right) for one in databricks_justified(place(stack), needs)}
        assert needed == {f"{who}: {right.format(catalog=catalog)}" for right in expected}


@pytest.mark.usefixtures("rain")
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("table: silver", "table: platinum", r"defs\.yaml declares what cannot be:\n  tables\.0\.table: String should"),
        ("domain: rain", "domain: drizzle", r"defs\.yaml: unknown domain 'drizzle'"),
        ("domain: rain", "domain: shop", r"defs\.yaml: domain shop is built in snowflake"),
    ],
)
def test_a_lakehouse_without_a_place_is_refused(tmp_path: Path, old: str, new: str, why: str) -> None:
    with pytest.raises(DeclarationError, match=why):
        lakehouse_needs(lakehouse(tmp_path, LAKEHOUSE.replace(old, new)))


def declare(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "infra" / "permissions.yaml"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_row_holds_where_its_traits_say_under_the_names_there(tmp_path: Path) -> None:
    row = "{who: LOADER, may: [READ], where: {stage: raw}, reason: r, traits: [pull_request]}"
    text = f"pipeline: load\nsnowflake_needs:\n- {row}"
    rows = declared_permissions(declare(tmp_path, text)).snowflake
    assert {str(one.right) for one in snowflake_justified(parse_deployment("pr-7"), rows, DOMAINS)} == {
        "LOADER_PR_7: READ on STAGE RAW_PR_7.SHOP.LANDING",
        "LOADER_PR_7: USAGE on DATABASE RAW_PR_7",
        "LOADER_PR_7: USAGE on SCHEMA RAW_PR_7.SHOP",
    }
    assert snowflake_justified(PROD, rows, DOMAINS) == []


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("snowflake_extras:\n- {who: PUBLIC, may: [USAGE], where: {database: raw}, owner: o, reason: r}", "who"),
        (
            "snowflake_extras:\n- {who: SYSADMIN, may: [USAGE], where: {database: raw}, owner: o, reason: r}",
            "`made` is for what one",
        ),
        ("snowflake_extras:\n- {who: LOADER, may: [USAGE], where: {database: raw}, reason: r}", "lack an owner"),
        (
            "snowflake_needs:\n- {who: LOADER, may: [USAGE], where: {database: raw}, owner: o, reason: r}",
            "have an owner",
        ),
        ("snowflake_needs:\n- {who: LOADER, may: [USAGE], where: {}, reason: r}", "name exactly one object"),
        ("snowflake_needs:\n- {who: LOADER, may: [USAGE], where: {table: raw}, reason: r}", "table"),
        ("snowflake_needs: [", "is no YAML"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_file(tmp_path: Path, rows: str, why: str) -> None:
    with pytest.raises(DeclarationError, match=why) as refused:
        declared_permissions(declare(tmp_path, f"pipeline: p\n{rows}\n"))
    assert "infra/permissions.yaml" in str(refused.value)
