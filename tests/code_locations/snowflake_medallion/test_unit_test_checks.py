import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation
from packaging.version import Version
from snowflake_medallion.unit_test_checks import unit_test_check_specs, unit_test_results

MODEL = "model.platform.silver_orders"
MANIFEST: dict[str, Any] = {
    "nodes": {MODEL: {"name": "silver_orders", "resource_type": "model", "schema": "silver"}},
    "sources": {},
    "unit_tests": {
        f"unit_test.platform.silver_orders.{name}": {"name": name, "description": "", "depends_on": {"nodes": [MODEL]}}
        for name in ("holds", "breaks", "never_ran", "not_asked_for")
    },
}


@pytest.fixture
def invocation(tmp_path: Path) -> Iterator[DbtCliInvocation]:
    """A dbt process that has ended, with whatever artifacts a test leaves in its target folder."""
    with subprocess.Popen(["true"]) as process:
        yield DbtCliInvocation(
            process=process,
            manifest=MANIFEST,
            dagster_dbt_translator=DagsterDbtTranslator(),
            project_dir=tmp_path,
            target_path=tmp_path,
            raise_on_error=True,
            cli_version=Version("1.11.16"),
        )


def result(name: str, status: str, message: str | None) -> dict[str, Any]:
    return {"unique_id": name, "status": status, "message": message, "execution_time": 0.25}


def test_every_unit_test_is_a_blocking_check_of_its_model() -> None:
    specs = unit_test_check_specs(MANIFEST)
    assert [spec.name for spec in specs.values()] == ["holds", "breaks", "never_ran", "not_asked_for"]
    for spec in specs.values():
        assert spec.asset_key == dg.AssetKey(["shop", "silver_orders"])
        assert spec.blocking


def test_results_say_what_dbt_found(invocation: DbtCliInvocation) -> None:
    prefix = "unit_test.platform.silver_orders"
    results = [
        result(MODEL, "success", "OK"),
        result(f"{prefix}.holds", "pass", None),
        result(f"{prefix}.breaks", "fail", "actual differs from expected"),
        result(f"{prefix}.never_ran", "skipped", None),
        result(f"{prefix}.not_asked_for", "pass", None),
    ]
    (invocation.target_path / "run_results.json").write_text(json.dumps({"results": results}), encoding="utf-8")
    selected = [spec.key for spec in unit_test_check_specs(MANIFEST).values() if spec.name != "not_asked_for"]
    found = list(unit_test_results(invocation, selected))
    assert [(check.check_name, check.passed, check.description) for check in found] == [
        ("holds", True, None),
        ("breaks", False, "actual differs from expected"),
    ]
    assert all(check.severity is dg.AssetCheckSeverity.ERROR for check in found)


def test_a_dbt_that_could_not_start_says_nothing(invocation: DbtCliInvocation) -> None:
    assert list(unit_test_results(invocation, [])) == []
