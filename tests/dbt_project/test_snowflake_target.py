"""The project compiled for Snowflake, without an account: names are the contract's, the SQL is Snowflake's."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from platform_contract.dbt_environment import snowflake_environment
from platform_contract.deployment import pull_request
from platform_contract.domains import domain_named
from platform_contract.layer import Layer
from platform_contract.snowflake_names import SnowflakeNames
from sqlglot import parse_one
from sqlglot.expressions import Table

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("dbt.adapters.snowflake") is None,
        reason="needs dbt-snowflake: uv sync --group snowflake",
    ),
]

PROJECT = Path(__file__).parents[2] / "dbt_project"
NAMES = SnowflakeNames(pull_request(12))
# The others, being incremental, first ask the database whether their table is there.
COMPILED = [
    "silver_customers",
    "silver_stores",
    "silver_rejected_rows",
    "gold_customer_summary",
    "gold_store_daily_sales",
    "gold_calendar",
]
DUMMY = {"SNOWFLAKE_ACCOUNT": "no-account", "SNOWFLAKE_USER": "NOBODY", "SNOWFLAKE_PRIVATE_KEY": "no key"}


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snowflake")
    arguments = ["compile", "--target", "snowflake", "--no-introspect", "--no-populate-cache", "--select", *COMPILED]
    compiled = subprocess.run(
        [Path(sys.executable).with_name("dbt"), *arguments, "--target-path", folder, "--log-path", folder],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "DO_NOT_TRACK": "1"} | snowflake_environment(NAMES) | DUMMY,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert compiled.returncode == 0, compiled.stdout + compiled.stderr
    return folder


@pytest.fixture(scope="module")
def manifest(target: Path) -> dict[str, Any]:
    return json.loads((target / "manifest.json").read_text(encoding="utf-8"))


def tables(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "snapshot"))


def test_every_name_is_the_contracts(manifest: dict[str, Any]) -> None:
    assert manifest["metadata"]["adapter_type"] == "snowflake"
    for node in tables(manifest):
        domain = domain_named(node["fqn"][1])
        layer = Layer(node["schema"].removeprefix("flights_"))
        assert node["relation_name"] == f"ANALYTICS_PR_12.{node['schema']}.{node['name']}"
        assert node["database"] == NAMES.analytics_database
        assert node["schema"].upper() == NAMES.schema(domain, layer)
        assert node["config"]["snowflake_warehouse"] == NAMES.layer_warehouse(layer)
    for source in manifest["sources"].values():
        assert (source["database"], source["schema"].upper()) == (
            NAMES.raw_database,
            NAMES.schema(domain_named(source["source_name"]), Layer.RAW),
        )


def test_every_statement_is_snowflakes(target: Path) -> None:
    statements = {path.stem: path.read_text(encoding="utf-8") for path in (target / "compiled").rglob("*.sql")}
    assert set(COMPILED) <= set(statements)
    for sql in statements.values():
        tables = parse_one(sql, dialect="snowflake").find_all(Table)
        assert {table.catalog for table in tables} <= {NAMES.analytics_database, ""}


def test_money_is_divided_and_text_judged_in_snowflakes_way(target: Path) -> None:
    summary = (target / "compiled/platform/models/shop/gold/gold_customer_summary.sql").read_text(encoding="utf-8")
    assert "cast(round(spending.lifetime_value / spending.orders, 2) as numeric(12, 2))" in summary
    rejected = (target / "compiled/platform/models/shop/silver/silver_rejected_rows.sql").read_text(encoding="utf-8")
    assert "regexp_like(trim(subtotal), '[+-]?[0-9]+')" in rejected
    assert "object_construct_keep_null('id', id" in rejected


def test_no_credential_reaches_an_artifact(target: Path) -> None:
    for artifact in ("manifest.json", "dbt.log"):
        assert DUMMY["SNOWFLAKE_PRIVATE_KEY"] not in (target / artifact).read_text(encoding="utf-8")
