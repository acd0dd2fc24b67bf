"""What dbt finds of freshness, told as checks. A script stands in for the dbt process and leaves its artifact."""

import json
import os
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from platform_contract.local_paths import LocalPaths
from snowflake_medallion.dbt_command import DbtCommand
from snowflake_medallion.dbt_engine import DuckDBEngine
from snowflake_medallion.duckdb_access import connect_to_write
from snowflake_medallion.freshness_checks import freshness_checks

from tests.fakes.shop_tables import SHOP

pytestmark = pytest.mark.slow

DBT_PROJECT = Path(__file__).parents[3] / "dbt_project"
ORDERS = "source.platform.shop.orders"
LIMITS = {"warn_after": {"count": 35, "period": "day"}, "error_after": {"count": 65, "period": "day"}}
NO_LIMITS = {"warn_after": {"count": None, "period": None}, "error_after": None}


def source(name: str, freshness: dict[str, Any] | None) -> dict[str, Any]:
    return {"name": name, "source_name": "shop", "schema": "shop", "resource_type": "source", "freshness": freshness}


MANIFEST = {
    "nodes": {},
    "sources": {
        ORDERS: source("orders", LIMITS),
        "source.platform.shop.stores": source("stores", None),
        "source.platform.shop.customers": source("customers", NO_LIMITS),
    },
}


def dbt_that(body: str, paths: LocalPaths) -> DbtCommand:
    script = paths.dbt_state / "dbt"
    script.parent.mkdir(parents=True)
    script.write_text(f'#!/bin/sh\nmkdir -p "$DBT_TARGET_PATH"\n{body}\n', encoding="utf-8")
    script.chmod(0o755)
    return DbtCommand(
        project_dir=str(DBT_PROJECT),
        target="duckdb",
        dbt_executable=str(script),
        environment=DuckDBEngine(paths, 0).environment,
        signs_in=DuckDBEngine(paths, 0).signs_in,
        artifacts=str(paths.dbt_state),
    )


def measured(status: str) -> str:
    result = {
        "unique_id": ORDERS,
        "status": status,
        "max_loaded_at": "2019-09-01T04:00:00+00:00",
        "max_loaded_at_time_ago_in_s": 5400.0,
        "criteria": LIMITS | {"filter": None},
    }
    return f"echo '{json.dumps({'results': [result]})}' > \"$DBT_TARGET_PATH/sources.json\"\nexit 1"


def evaluate(paths: LocalPaths, body: str, only_warn: bool) -> dg.ExecuteInProcessResult:
    connect_to_write(paths.raw_database, 0).close()
    checks = freshness_checks(SHOP, MANIFEST, DuckDBEngine(paths, 0), dbt_that(body, paths), only_warn)
    definitions = dg.Definitions(assets=[dg.AssetSpec(["shop", "raw", "orders"])], asset_checks=[checks])
    job = definitions.resolve_implicit_global_asset_job_def()
    return job.execute_in_process(raise_on_error=False)


@pytest.mark.parametrize(
    ("status", "only_warn", "passed", "severity"),
    [
        ("pass", False, True, "ERROR"),
        ("warn", False, False, "WARN"),
        ("error", False, False, "ERROR"),
        ("error", True, False, "WARN"),
    ],
)
def test_a_source_is_as_fresh_as_dbt_says(
    paths: LocalPaths, status: str, only_warn: bool, passed: bool, severity: str
) -> None:
    (check,) = evaluate(paths, measured(status), only_warn).get_asset_check_evaluations()
    assert (check.asset_key.to_user_string(), check.check_name) == ("shop/raw/orders", "source_freshness")
    assert (check.passed, check.severity.value) == (passed, severity)
    assert check.metadata["hours_since_load"].value == 1.5
    assert check.metadata["limits"].value == LIMITS


def test_a_dbt_that_measured_nothing_fails_the_run(paths: LocalPaths) -> None:
    result = evaluate(paths, 'echo "no such thing"; exit 2', only_warn=True)
    (failed,) = (event for event in result.all_events if event.is_step_failure)
    assert "failed with exit code `2`" in str(failed.step_failure_data.error)


def test_names_reach_dbt_and_leave_this_process_as_it_was(paths: LocalPaths) -> None:
    before = dict(os.environ)
    dbt = dbt_that('env > "$DBT_TARGET_PATH/env"', paths)
    invocation = dbt.cli(["debug"]).wait()
    seen = (invocation.target_path / "env").read_text(encoding="utf-8").splitlines()
    assert f"PLATFORM_RAW_DUCKDB={paths.raw_database}" in seen
    assert f"PLATFORM_ANALYTICS_DUCKDB={paths.analytics_database}" in seen
    assert invocation.target_path.parent == paths.dbt_state
    assert dict(os.environ) == before


def test_old_runs_go(paths: LocalPaths) -> None:
    dbt = dbt_that("exit 0", paths)
    for number in range(20):
        log = paths.dbt_state / f"run{number}" / "dbt.log"
        log.parent.mkdir()
        log.touch()
        os.utime(log.parent, (number, number))
    dbt.cli(["debug"]).wait()
    kept = sorted(int(folder.name[3:]) for folder in paths.dbt_state.glob("run*"))
    assert kept == list(range(11, 20))
