"""The location as its own `defs.yaml` declares it."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest
from dagster_dbt.asset_utils import DAGSTER_DBT_MANIFEST_METADATA_KEY
from platform_contract.environment_variables import EnvironmentVariable

from tests.code_locations.snowflake_medallion.shop_sandbox import REPOSITORY, load_shop
from tests.fakes.shop_story import Story

# The first test waits for three runs of the location.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

RAW = {"shop/raw/customers", "shop/raw/stores", "shop/raw/orders"}
BRONZE = {"shop/bronze_customers", "shop/bronze_stores", "shop/bronze_orders"}
SILVER = {"shop/silver_customers", "shop/silver_stores", "shop/silver_orders", "shop/silver_rejected_rows"}
GOLD = {
    "shop/gold_customer_summary",
    "shop/gold_store_daily_sales",
    "shop/gold_customer_history",
    "shop/gold_calendar",
}


@pytest.fixture
def specs(story: Story) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in story.definitions.resolve_all_asset_specs()}


def manifest_of(specs: dict[str, dg.AssetSpec]) -> dict[str, Any]:
    return specs["shop/silver_orders"].metadata[DAGSTER_DBT_MANIFEST_METADATA_KEY].manifest


def errors(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield str(error)
        error = error.__cause__


def refusal(attributes: dict[str, Any]) -> str:
    with pytest.raises(Exception) as refused:  # noqa: PT011 - the library wraps it, the message is what counts
        load_shop(attributes)
    return "\n".join(errors(refused.value))


def test_every_table_is_an_asset_in_the_group_of_its_layer(specs: dict[str, dg.AssetSpec]) -> None:
    groups = {"raw": RAW, "bronze": BRONZE, "silver": SILVER, "gold": GOLD}
    assert {key: spec.group_name for key, spec in specs.items()} == {
        key: group for group, keys in groups.items() for key in keys
    }
    for spec in specs.values():
        assert spec.tags["layer"] == spec.group_name
        assert "duckdb" in spec.kinds


def test_every_table_has_an_owner(specs: dict[str, dg.AssetSpec]) -> None:
    for key, spec in specs.items():
        team = "shop-analytics" if key in GOLD else "shop-engineering"
        assert list(spec.owners) == [f"{team}@example.com"], key


def test_lineage_is_unbroken_from_raw_to_gold(specs: dict[str, dg.AssetSpec], story: Story) -> None:
    upstream = {key: {dep.asset_key.to_user_string() for dep in spec.deps} for key, spec in specs.items()}
    assert upstream["shop/bronze_orders"] == {"shop/raw/orders"}
    assert upstream["shop/silver_orders"] == {"shop/bronze_orders"}
    assert upstream["shop/gold_customer_summary"] == {
        "shop/silver_orders",
        "shop/silver_customers",
        "shop/silver_stores",
    }
    assert upstream["shop/gold_customer_history"] == {"shop/silver_customers"}
    graph = story.definitions.resolve_asset_graph()
    assert {key.to_user_string() for key in graph.materializable_asset_keys} == RAW | BRONZE | SILVER | GOLD


def test_every_data_test_unit_test_and_freshness_is_a_check(specs: dict[str, dg.AssetSpec], story: Story) -> None:
    manifest = manifest_of(specs)
    of_shop = [node for node in manifest["nodes"].values() if "shop" in node["fqn"]]
    data_tests = {node["name"] for node in of_shop if node["resource_type"] == "test"}
    unit_tests = {test["name"] for test in manifest["unit_tests"].values() if "shop" in test["fqn"]}
    assert len(data_tests) > 30
    assert len(unit_tests) == 8
    checks = story.definitions.resolve_asset_graph().asset_check_keys
    assert {check.name for check in checks} == data_tests | unit_tests | {"source_freshness", "landed_files_accepted"}
    fresh = {check.asset_key.to_user_string() for check in checks if check.name == "source_freshness"}
    assert fresh == {"shop/raw/orders", "shop/raw/customers"}


def test_one_run_evaluates_every_check_and_only_the_age_of_the_data_warns(story: Story) -> None:
    expected = {
        (check.asset_key.to_user_string(), check.name)
        for check in story.definitions.resolve_asset_graph().asset_check_keys
    }
    assert set(story.year.checks) == expected
    failed = {key: check.severity.value for key, check in story.year.checks.items() if not check.passed}
    assert failed == {("shop/silver_orders", "silver_orders_latest_order_is_recent"): "WARN"}
    assert story.year.success


def test_every_materialisation_counts_its_rows(story: Story) -> None:
    counted = {key: metadata["dagster/row_count"].value for key, metadata in story.year.metadata.items()}
    orders, customers, stores = 71_350, 942, 6
    assert counted == {
        "shop/raw/orders": orders,
        "shop/raw/customers": customers,
        "shop/raw/stores": stores,
        "shop/bronze_orders": orders,
        "shop/bronze_customers": customers,
        "shop/bronze_stores": stores,
        "shop/silver_orders": orders,
        "shop/silver_customers": customers,
        "shop/silver_stores": stores,
        "shop/silver_rejected_rows": 0,
        "shop/gold_customer_summary": customers,
        "shop/gold_store_daily_sales": 538,
        "shop/gold_customer_history": customers,
        "shop/gold_calendar": 4_748,
    }


def column_sources(story: Story, table: str, column: str) -> set[tuple[str, str]]:
    lineage = story.year.metadata[table]["dagster/column_lineage"].value
    assert isinstance(lineage, dg.TableColumnLineage)
    return {(dep.asset_key.to_user_string(), dep.column_name) for dep in lineage.deps_by_column[column]}


def test_columns_know_where_they_come_from(story: Story) -> None:
    summary = "shop/gold_customer_summary"
    assert column_sources(story, summary, "lifetime_value") == {("shop/silver_orders", "order_total")}
    assert column_sources(story, summary, "customer_name") == {("shop/silver_customers", "customer_name")}
    assert column_sources(story, "shop/silver_orders", "subtotal") == {("shop/bronze_orders", "subtotal")}
    assert column_sources(story, "shop/bronze_orders", "subtotal") == {("shop/raw/orders", "subtotal")}


def test_gold_shows_rows_and_a_chart(story: Story) -> None:
    for table in ("shop/gold_customer_summary", "shop/gold_store_daily_sales"):
        metadata = story.year.metadata[table]
        assert str(metadata["chart"].value).split("](")[1].startswith("data:image/png;base64,iVBOR")
    preview = str(story.year.metadata["shop/gold_store_daily_sales"]["preview"].value).splitlines()
    assert preview[:3] == [
        "| store | day | orders | revenue | tax |",
        "| --- | --- | --- | --- | --- |",
        "| Brooklyn | 2019-03-12 | 147 | 1360.00 | 54.40 |",
    ]
    assert len(preview) == 12


def test_checks_can_be_evaluated_without_their_table(story: Story) -> None:
    orders = dg.AssetKey(["shop", "silver_orders"])
    wanted = {dg.AssetCheckKey(orders, name) for name in ("silver_orders_in_dollars", "silver_orders_store_is_known")}
    job = story.definitions.resolve_implicit_global_asset_job_def()
    result = job.get_subset(asset_selection=set(), asset_check_selection=wanted).execute_in_process()
    assert {check.asset_check_key for check in result.get_asset_check_evaluations()} == wanted
    assert result.get_asset_materialization_events() == []


def test_the_second_run_says_that_nothing_new_had_landed(story: Story) -> None:
    orders = story.again.metadata["shop/raw/orders"]
    assert (orders["rows_loaded"].value, orders["files_loaded"].value, orders["files_loaded_before"].value) == (
        0,
        0,
        12,
    )
    assert story.year.metadata["shop/raw/orders"]["files_loaded"].value == 12


def test_what_refreshes_the_shop_can_be_found(story: Story) -> None:
    repository = story.definitions.get_repository_def()
    assert repository.has_job("shop_refresh")
    assert {schedule.name for schedule in repository.schedule_defs} == {"shop_refresh_schedule"}
    assert {sensor.name for sensor in repository.sensor_defs} == {"shop_landing"}
    nodes = repository.get_job("shop_refresh").nodes_in_topological_order
    ops = [node.definition for node in nodes if isinstance(node.definition, dg.OpDefinition)]
    assert {op.name: op.pool for op in ops} == {
        "shop_raw_load": "raw_duckdb",
        "shop_dbt_build": "analytics_duckdb",
        "shop_source_freshness": "analytics_duckdb",
    }


def test_with_a_fresh_manifest_loading_parses_nothing_and_imports_no_cloud(story: Story) -> None:
    code = (
        "import sys; from snowflake_medallion.definitions import defs; defs(); "
        "print([name for name in sys.argv[1:] if name in sys.modules])"
    )
    heavy = [
        *("dbt.parser.manifest", "dbt.cli.main", "dagster_snowflake", "snowflake.connector"),
        *("dagster_databricks", "pyspark", "matplotlib"),
    ]
    loaded = subprocess.run(
        [sys.executable, "-c", code, *heavy],
        cwd=REPOSITORY,
        env={EnvironmentVariable.PLATFORM_LOCAL_ROOT: str(story.paths.root), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert loaded.stdout.splitlines()[-1] == "[]"


def test_an_unknown_key_is_named() -> None:
    message = refusal({"refresh_corn": "0 5 * * *"})
    assert "refresh_corn" in message
    assert "Extra inputs are not permitted" in message


def test_a_missing_project_is_named() -> None:
    message = refusal({"project": "../no_dbt_project"})
    assert "no_dbt_project holds no dbt_project.yml; let defs.yaml name the folder of the dbt project" in message


def test_a_demo_mode_that_is_none_is_named() -> None:
    assert "demo_mode: 'maybe' is not a demo mode: write true, false or \"{{ demo_mode }}\"" in refusal(
        {"demo_mode": "maybe"}
    )


def test_demo_mode_false_on_the_laptops_own_deployment_is_refused() -> None:
    assert "set PLATFORM_DEPLOYMENT to one of dev, prod or pr-<number>" in refusal({"demo_mode": False})
