from collections.abc import Collection, Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation
from dagster_dbt.asset_utils import DAGSTER_DBT_UNIQUE_ID_METADATA_KEY

from snowflake_medallion.asset_keys import dbt_key_of
from snowflake_medallion.dbt_invocation import without_values

_RESULTS = "run_results.json"
_PASSED = "pass"
_EVALUATED = (_PASSED, "fail", "error")


def unit_test_check_specs(manifest: Mapping[str, Any]) -> dict[str, dg.AssetCheckSpec]:
    """A check for each unit test of the manifest, on the model that it tests, by the unit test's unique id."""
    return {
        unique_id: dg.AssetCheckSpec(
            test["name"],
            asset=dbt_key_of(manifest, test["depends_on"]["nodes"][0]),
            description=test["description"] or "dbt unit test",
            metadata={DAGSTER_DBT_UNIQUE_ID_METADATA_KEY: unique_id},
            blocking=True,
        )
        for unique_id, test in manifest["unit_tests"].items()
    }


def unit_test_results(
    invocation: DbtCliInvocation, selected: Collection[dg.AssetCheckKey]
) -> Iterator[dg.AssetCheckResult]:
    """What dbt's `run_results.json` says of the unit tests that were asked for; one that was skipped says nothing.

    dbt writes no results where it could not start.
    """
    if not (invocation.target_path / _RESULTS).is_file():
        return
    specs = unit_test_check_specs(invocation.manifest)
    for result in invocation.get_artifact(_RESULTS)["results"]:
        spec = specs.get(result["unique_id"])
        if spec is not None and spec.key in selected and result["status"] in _EVALUATED:
            yield _result(spec, result)


def _result(spec: dg.AssetCheckSpec, result: Mapping[str, Any]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=result["status"] == _PASSED,
        asset_key=spec.asset_key,
        check_name=spec.name,
        # An error of the engine may quote a row; what differs of the rows that it was given is dbt's to print.
        description=without_values(result["message"] or "") or None,
        metadata={"status": result["status"], "Execution Duration": result["execution_time"]},
    )
