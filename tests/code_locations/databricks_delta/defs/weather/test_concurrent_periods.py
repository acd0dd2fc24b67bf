"""Months that are materialised at the same time, by Dagster's multiprocess executor."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from tests.code_locations.databricks_delta.lakehouse_under_test import REJECTED, SILVER, LakehouseUnderTest
from tests.code_locations.databricks_delta.readings import CHECKOUT, reading, utc

LANDED = utc(2013, 4, 1, 0)
PROGRAM = "tests.code_locations.databricks_delta.period_run"


@pytest.mark.slow
def test_every_month_is_whole_although_all_replace_the_rows_without_a_month(
    weather: LakehouseUnderTest, tmp_path: Path
) -> None:
    hours = [utc(2013, month, 5, 0) + timedelta(hours=hour) for month in (1, 2) for hour in range(20)]
    bad = [reading("EWR", "never", temp=str(number)) for number in range(5)]
    weather.land("a.csv.gz", [*(reading("EWR", hour) for hour in hours), *bad], LANDED)
    weather.ingest()
    home = tmp_path / "dagster_home"
    home.mkdir()
    assert _processes_of_steps(home) == set()  # two processes cannot make Dagster's stores at the same time
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", PROGRAM, month], cwd=CHECKOUT, env=os.environ | {"DAGSTER_HOME": str(home)}
        )
        for month in ("2013-01", "2013-02")
    ]
    assert [run.wait(timeout=240) for run in runs] == [0, 0]
    steps = _processes_of_steps(home)
    assert len(steps) >= 4
    assert steps.isdisjoint(run.pid for run in runs)
    assert sorted(row["observed_at"] for row in weather.rows(SILVER)) == hours
    assert sorted(row["temp"] for row in weather.rows(REJECTED)) == ["0", "1", "2", "3", "4"]


def _processes_of_steps(home: Path) -> set[int | None]:
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        return {
            entry.dagster_event.pid
            for run in instance.get_runs()
            for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_SUCCESS)
            if entry.dagster_event is not None
        }
