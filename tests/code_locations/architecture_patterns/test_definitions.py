import subprocess
import sys

import dagster as dg
import pytest
from architecture_patterns.definitions import defs as location
from architecture_patterns.pattern import Pattern
from dagster._core.definitions.executor_definition import ExecutorDefinition

from tests.code_locations.architecture_patterns.pattern_run import run

TABLES = {
    "etl_pipeline": {"monthly_store_revenue": "gold", "rejected_orders": "gold"},
    "elt_pipeline": {
        "raw_orders": "raw",
        "raw_stores": "raw",
        "raw_customers": "raw",
        "typed_orders": "silver",
        "accepted_orders": "silver",
        "rejected_orders": "silver",
        "monthly_store_revenue": "gold",
        "hourly_sales": "gold",
    },
    "lakehouse_pipeline": {
        "bronze_readings": "bronze",
        "silver_readings": "silver",
        "rejected_readings": "silver",
        "gold_monthly_climate": "gold",
    },
    "composable_resources": {"readings": "silver", "daily_extremes": "gold", "climate_report": "gold"},
}


def specs(defs: dg.Definitions) -> dict[tuple[str, ...], dg.AssetSpec]:
    return {tuple(spec.key.path): spec for spec in defs.resolve_all_asset_specs()}


def test_each_pattern_is_a_group_of_tables_with_their_layers() -> None:
    declared = specs(location())
    assert {key: (spec.group_name, spec.tags["layer"]) for key, spec in declared.items()} == {
        ("patterns", pattern, table): (pattern, layer)
        for pattern, tables in TABLES.items()
        for table, layer in tables.items()
    }


def test_every_asset_says_when_to_choose_its_pattern_and_when_not() -> None:
    for key, spec in specs(location()).items():
        text = spec.metadata["when_to_choose"].value
        assert "**Choose it when**" in text, key
        assert "**Choose something else when**" in text, key
    explaining = {key[1] for key, spec in specs(location()).items() if "Choose it when" in (spec.description or "")}
    assert explaining == set(Pattern)


def test_lineage_follows_from_the_sql() -> None:
    typed = specs(location())["patterns", "elt_pipeline", "typed_orders"]
    assert {dep.asset_key.path[-1] for dep in typed.deps} == {"raw_orders", "raw_stores"}


def test_a_run_is_one_process() -> None:
    executor = location().executor
    assert isinstance(executor, ExecutorDefinition)
    assert executor.name == "in_process"


@pytest.mark.slow
def test_loading_imports_nothing_heavy() -> None:
    script = (
        "import sys; from architecture_patterns.definitions import defs; defs(); "
        "heavy = {'pandas', 'numpy', 'pyarrow', 'matplotlib', 'snowflake.connector', 'sqlglot', 'dagster_snowflake'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_in_production_definitions_load_and_a_run_names_every_missing_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "dev")
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")
    defs = location()
    assert specs(defs).keys() == {("patterns", p, table) for p, tables in TABLES.items() for table in tables}
    outcome = run(defs)
    assert not outcome.success
    assert not outcome.metadata
    (message,) = {line for line in outcome.errors.splitlines() if "MissingSettingsError" in line}
    for named in (*Pattern, "PLATFORM_STORAGE_URI", "SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PRIVATE_KEY"):
        assert named in message
