import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    ABOVE_BRONZE,
    BRONZE,
    SHIPPED_DEFS,
    lakehouse_under_test,
    load_defs,
    refusal,
)

type Edit = Callable[[str, str], None]
"""Replaces a text of the copied `defs.yaml` by another."""


@pytest.fixture
def edit(defs_copy: Path) -> Edit:
    file = defs_copy / "weather" / "defs.yaml"

    def replace(old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def test_the_shipped_location_loads_under_its_names() -> None:
    defs = load_defs(SHIPPED_DEFS)
    specs = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
    assert specs.keys() == {f"weather/{table.replace('.', '/')}" for table in (BRONZE, *ABOVE_BRONZE)}
    assert {name: spec.group_name for name, spec in specs.items()} == {name: name.split("/")[1] for name in specs}
    assert all(spec.owners == ["team:data-platform"] for spec in specs.values())
    assert {sensor.name for sensor in defs.sensors or []} == {"weather_landing", "weather_months"}


def test_silver_and_gold_are_months_and_bronze_is_not() -> None:
    specs = {spec.key.path[-1]: spec for spec in load_defs(SHIPPED_DEFS).resolve_all_asset_specs()}
    daily = specs["station_daily_summary"].partitions_def
    assert daily is not None
    assert daily.get_partition_keys() == [f"2013-{month:02}" for month in range(1, 13)]
    bronze = load_defs(SHIPPED_DEFS).resolve_asset_graph().get(dg.AssetKey(["weather", "bronze", "weather_readings"]))
    assert bronze.partitions_def is None


def test_a_partition_range_over_the_whole_location_is_one_run() -> None:
    graph = load_defs(SHIPPED_DEFS).resolve_asset_graph()
    policies = {graph.get(key).backfill_policy for key in graph.get_all_asset_keys()}
    assert policies == {dg.BackfillPolicy.single_run()}


def test_anomalies_depend_on_two_months_before_their_own() -> None:
    graph = load_defs(SHIPPED_DEFS).resolve_asset_graph()
    anomalies = graph.get(dg.AssetKey(["weather", "gold", "temperature_anomalies"]))
    (mapping,) = anomalies.partition_mappings.values()
    assert mapping == dg.TimeWindowPartitionMapping(start_offset=-2, allow_nonexistent_upstream_partitions=True)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "  partitioning:\n",
            "  partitionning:\n",
            r"unknown key 'partitionning', did you mean 'partitioning'\? \(known: demo_mode, domain",
            id="of the lakehouse",
        ),
        pytest.param(
            "sql: weather_readings.sql",
            "sq1: weather_readings.sql",
            r"unknown key 'sq1', did you mean 'sql'\?",
            id="of a table",
        ),
        pytest.param(
            "within_days: 400",
            "within_dayz: 400",
            r"unknown key 'within_dayz', did you mean 'within_days'\?",
            id="of a check",
        ),
        pytest.param("marks: line", "markz: line", r"unknown key 'markz', did you mean 'marks'\?", id="of a plot"),
        pytest.param(
            "event_time: CASE",
            "event_tme: CASE",
            r"unknown key 'event_tme', did you mean 'event_time'\?",
            id="of the source",
        ),
    ],
)
def test_an_unknown_key_is_refused_with_file_place_and_the_nearest(
    defs_copy: Path, edit: Edit, old: str, new: str, message: str
) -> None:
    edit(old, new)
    said = refusal(defs_copy)
    assert re.search(message, said)
    assert re.search(r"attributes\S* at \S*weather/defs\.yaml:\d+", said)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "sql: weather_readings.sql",
            "sql: weather_reading.sql",
            r"defs\.yaml: tables\.silver\.weather_readings\.sql: there is no SQL file 'weather_reading\.sql' "
            r"beside it, did you mean 'weather_readings\.sql'\?",
            id="missing SQL file",
        ),
        pytest.param(
            "readings_judged: readings_judged.sql",
            "readings_judged: ../weather/readings_judged.sql",
            r"shared\.readings_judged: there is no SQL file",
            id="SQL file elsewhere",
        ),
        pytest.param(
            "    max_wind_ms: 113",
            "    max_wind: 113",
            r"names :max_wind_ms \(did you mean :max_wind\?\), which is not declared under parameters",
            id="undeclared parameter",
        ),
        pytest.param(
            "    max_wind_ms: 113",
            "    max_wind_ms: 113\n    max_rain_mm: 500",
            r"parameters\.max_rain_mm: no SQL names it",
            id="unused parameter",
        ),
        pytest.param(
            "  shared:\n",
            "  shared:\n    readings_typed: readings_judged.sql\n",
            r"shared\.readings_typed: no SQL reads it",
            id="unused shared SELECT",
        ),
        pytest.param(
            "event_time: CASE WHEN time_hour",
            "event_time: CASE WHEN time_our",
            r"event_time of weather: 'time_our' is not one of the columns, did you mean 'time_hour'\?",
            id="event time of no column",
        ),
        pytest.param(
            "clustering: [origin, time_hour]",
            "clustering: [origin, time_our]",
            r"silver\.weather_readings_rejected: 'time_our' is not one of the columns, did you mean 'time_hour'\?",
            id="rejected rows clustered by no column",
        ),
        pytest.param(
            "      visib: Visibility, miles",
            "      visib in miles: Visibility",
            r"sources\.0\.columns\.visib in miles\S* at \S+defs\.yaml:\d+",
            id="column name that Delta does not take",
        ),
        pytest.param(
            "clustering: [station, observed_at]",
            "clustering: [station, observed]",
            r"silver\.weather_readings: 'observed' is not one of the columns, did you mean 'observed_at'\?",
            id="clustering by no column",
        ),
        pytest.param(
            "y: mean_temp_c",
            "y: mean_temp",
            r"'mean_temp' is not one of the columns, did you mean",
            id="plot of no column",
        ),
        pytest.param(
            "column: humidity_pct, min",
            "column: humidity, min",
            r"silver\.weather_readings, check humidity_in_range: 'humidity' is not one of the columns, did you mean",
            id="check of no column",
        ),
        pytest.param(
            "        visibility_km: {",
            "        visibility: {",
            r"does not select the columns of silver\.weather_readings: lacking visibility, undeclared visibility_km",
            id="column that the SELECT does not give",
        ),
        pytest.param(
            "rejects_of: silver.weather_readings",
            "rejects_of: silver.weather_reading",
            r"rejects_of: 'silver\.weather_reading', which is not one of the tables, did you mean",
            id="rejects of no table",
        ),
        pytest.param(
            "{ type: unique, columns: [station, day] }",
            "{ type: row_conservation }",
            r"gold\.station_daily_summary, check row_conservation: no table has rejects_of: gold\.station_daily",
            id="conservation without rejected rows",
        ),
        pytest.param(
            "{ type: freshness, column: _ingested_at, within_days: 400 }",
            "{ type: freshnes, column: _ingested_at, within_days: 400 }",
            r"Input tag 'freshnes' found using 'type' does not match any of the expected tags: .*'freshness'",
            id="unknown check",
        ),
        pytest.param(
            'end: "2014-01"', 'end: "2012-01"', r"start 2013-01 is not before end 2012-01", id="end before start"
        ),
        pytest.param(
            'start: "2013-01"',
            'start: "2013-1"',
            r"start: '2013-1' is no month: write YYYY-MM",
            id="no month",
        ),
        pytest.param(
            "key: [origin, time_hour]", "key: [orign]", r"key: 'orign' is not one of the columns", id="no key"
        ),
        pytest.param(
            'demo_mode: "{{ demo_mode }}"',
            "demo_mode: maybe",
            r"demo_mode: 'maybe' is not a demo mode: write true, false",
            id="demo mode",
        ),
        pytest.param(
            "      columns:\n        station",
            "      rejects_of: silver.weather_readings\n      columns:\n        station",
            r"give either columns, or rejects_of",
            id="both columns and rejects_of",
        ),
        pytest.param(
            "{ type: unique, columns: [station, observed_at] }",
            "{ type: unique, columns: [station, observed_at] }\n        - { type: unique, columns: [observed_at] }",
            r"checks: two are called unique; give one of them a name",
            id="two checks of a name",
        ),
        pytest.param(
            "runs_on: spark_job",
            "runs_on: spark",
            r"runs_on at \S+defs\.yaml:\d+`\s+Input should be 'sql_warehouse' or 'spark_job'",
            id="unknown compute",
        ),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_with_the_fix(
    defs_copy: Path, edit: Edit, old: str, new: str, message: str
) -> None:
    edit(old, new)
    said = refusal(defs_copy)
    assert re.search(message, said)
    assert "defs.yaml" in said


def test_sql_that_does_not_parse_is_refused_when_definitions_load(defs_copy: Path) -> None:
    (defs_copy / "weather" / "station_daily_summary.sql").write_text("SELECT station FROM (", encoding="utf-8")
    assert re.search(r"station_daily_summary\.sql is not Databricks SQL: .*Line 1", refusal(defs_copy))


def test_sql_that_reads_an_undeclared_table_is_refused(defs_copy: Path) -> None:
    file = defs_copy / "weather" / "station_daily_summary.sql"
    text = file.read_text(encoding="utf-8").replace("silver.weather_readings", "silver.weather_reading")
    file.write_text(text, encoding="utf-8")
    message = (
        r"reads silver\.weather_reading, which is not one of the tables, did you mean 'silver\.weather_readings'\?"
    )
    assert re.search(message, refusal(defs_copy))


def test_tables_that_read_each_other_are_refused(defs_copy: Path) -> None:
    text = "SELECT 1 AS a FROM gold.station_daily_summary"
    (defs_copy / "weather" / "weather_readings.sql").write_text(text, encoding="utf-8")
    assert "tables read each other in a circle" in refusal(defs_copy)


@pytest.fixture
def in_the_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "dev")
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")


def test_the_mode_chooses_the_engine_and_not_the_assets(request: pytest.FixtureRequest) -> None:
    demo = load_defs(SHIPPED_DEFS)
    request.getfixturevalue("in_the_cloud")
    production = load_defs(SHIPPED_DEFS)
    graphs = [
        {
            key: (sorted(graph.get(key).parent_keys), graph.get(key).kinds, graph.get(key).group_name)
            for key in graph.get_all_asset_keys()
        }
        for graph in (demo.resolve_asset_graph(), production.resolve_asset_graph())
    ]
    assert graphs[0] == graphs[1]
    engines = [type((defs.resources or {})["weather_lakehouse"]).__name__ for defs in (demo, production)]
    assert engines == ["LocalLakehouse", "DatabricksLakehouse"]


@pytest.mark.parametrize(
    ("deployment", "demo_mode", "jobs"),
    [
        ("local", "true", {"weather_maintenance"}),
        ("dev", "true", {"weather_maintenance"}),
        # Databricks does it itself.
        ("dev", "false", set()),
        ("prod", "false", set()),
        # VACUUM of a shallow clone might delete files of its source.
        ("pr-7", "false", {"weather_build", "weather_clone"}),
    ],
)
def test_maintenance_is_there_where_nothing_else_keeps_the_tables(
    monkeypatch: pytest.MonkeyPatch, deployment: str, demo_mode: str, jobs: set[str]
) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", deployment)
    monkeypatch.setenv("PLATFORM_DEMO_MODE", demo_mode)
    defs = load_defs(SHIPPED_DEFS)
    assert {job.name for job in defs.jobs or []} == jobs
    scheduled = {f"{job}_schedule" for job in jobs if job.endswith("maintenance")}
    assert {schedule.name for schedule in defs.schedules or []} == scheduled


def test_retention_outlives_the_clones_of_pull_requests(defs_copy: Path, edit: Edit) -> None:
    edit("retention_days: 90", "retention_days: 8")
    assert "retention_days" in refusal(defs_copy)


@pytest.mark.usefixtures("in_the_cloud")
def test_production_without_settings_loads_and_a_run_names_all_that_are_missing(tmp_path: Path) -> None:
    with lakehouse_under_test(tmp_path, SHIPPED_DEFS) as weather:
        result = weather.run((BRONZE,), "2013-01", "2013-01", succeeds=False)
        (failure,) = [event for event in result.all_events if event.is_step_failure]
        said = str(failure.step_failure_data.error)
    for setting in ("SERVER_HOSTNAME", "HTTP_PATH", "TOKEN", "CLIENT_ID", "CLIENT_SECRET"):
        assert f"DATABRICKS_{setting}" in said


def test_demo_mode_false_on_local_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")
    assert "set PLATFORM_DEPLOYMENT to one of dev, prod or pr-<number>" in refusal(SHIPPED_DEFS)


@pytest.mark.slow
def test_definitions_load_without_what_only_a_run_needs() -> None:
    program = (
        "import sys; from databricks_delta.definitions import defs; defs().resolve_all_asset_specs(); "
        "print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    slow = {"matplotlib", "numpy", "pandas", "pyarrow", "duckdb", "deltalake", "databricks.sql", "dagster_databricks"}
    assert slow.isdisjoint(loaded.stdout.split())
