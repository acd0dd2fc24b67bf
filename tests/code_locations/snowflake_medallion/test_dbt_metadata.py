"""When what dbt reports is passed on; what is read of each table, the location's own tests see."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import create_autospec

import dagster as dg
import pytest
from dagster_dbt import DbtCliInvocation
from platform_contract.local_paths import LocalPaths
from platform_contract.snowflake_names import SnowflakeNames
from snowflake_medallion.dbt_engine import DbtEngine, DuckDBEngine, SnowflakeEngine
from snowflake_medallion.dbt_metadata import events_with_metadata

from tests.deployments import DEV

RESULT = dg.AssetCheckResult(passed=True, asset_key="table", check_name="is_whole")


class DbtFailedError(Exception):
    """dbt ended with an error."""


class Dbt:
    """A dbt process that reports two results and fails; `reported` says how far it has come."""

    def __init__(self) -> None:
        self.reported = 0
        self.invocation = create_autospec(DbtCliInvocation, instance=True)
        self.invocation.stream.side_effect = self._results

    def _results(self) -> Iterator[dg.AssetCheckResult]:
        for _ in range(2):
            self.reported += 1
            yield RESULT
        raise DbtFailedError


def reported_at_each_event(engine: DbtEngine) -> list[int]:
    """How far dbt was when each event was passed on."""
    dbt, seen = Dbt(), []
    with pytest.raises(DbtFailedError):
        seen.extend(dbt.reported for _ in events_with_metadata(dbt.invocation, engine, ["row_count"]))
    return seen


def test_on_snowflake_a_result_is_passed_on_while_dbt_works(tmp_path: Path) -> None:
    assert reported_at_each_event(SnowflakeEngine(SnowflakeNames(DEV), tmp_path)) == [1, 2]


def test_on_duckdb_it_waits_for_the_end_and_no_result_is_lost_to_an_error(paths: LocalPaths) -> None:
    assert reported_at_each_event(DuckDBEngine(paths, patience_seconds=1)) == [2, 2]
