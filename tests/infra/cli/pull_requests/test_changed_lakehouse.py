"""What a pull request on this machine builds of the lakehouse in its clone."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from click.testing import Result
from deltalake import DeltaTable
from platform_cli.diff.compare import compare_store
from platform_cli.diff.declared_tables import LAKEHOUSES, lakehouse_tables
from platform_cli.diff.delta_gold import delta_gold
from platform_cli.diff.table_diff import LargestChange
from platform_cli.pull_requests.changed_lakehouse import build_changed_lakehouse
from platform_cli.workplace import workplace_of
from platform_contract.deployment import Deployment, pull_request
from platform_contract.domains import domain_named
from platform_contract.local_paths import LocalPaths
from rich.console import Console

from tests.code_locations.databricks_delta.readings import csv_text, gzipped, reading, utc
from tests.deployments import LOCAL
from tests.fakes.weather_checkout import edit, make_lean, write_weather_checkout

PR = pull_request(7)
# 100 mph are 44.7 m/s; 50 °F are 10 °C, and 59 °F are 15 °C.
READINGS = [
    reading("JFK", utc(2013, 1, 5, 1), temp="50"),
    reading("JFK", utc(2013, 1, 5, 2), temp="59", wind_speed="100"),
    reading("LGA", utc(2013, 2, 5, 1), temp="50"),
]
CHOSEN = {
    "weather/silver/weather_readings",
    "weather/silver/weather_readings_rejected",
    "weather/gold/station_daily_summary",
    "weather/gold/temperature_anomalies",
}


@pytest.fixture
def declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The declaration of the lakehouse in a checkout that is the working directory, with two months of input."""
    checkout = tmp_path / "checkout"
    folder = write_weather_checkout(checkout)
    make_lean(folder / "defs.yaml")
    shutil.rmtree(checkout / "code_locations")
    sample = checkout / "code_locations" / "weather" / "sample_data" / "weather" / "2013.csv.gz"
    sample.parent.mkdir(parents=True)
    sample.write_bytes(gzipped(csv_text(READINGS)))
    monkeypatch.chdir(checkout)
    monkeypatch.delenv("PLATFORM_LOCAL_ROOT")
    return folder


def paths_of(deployment: Deployment) -> LocalPaths:
    return LocalPaths(workplace_of(deployment).paths.root, deployment)


def rows(deployment: Deployment) -> list[int]:
    tables = ("bronze/weather_readings", "silver/weather_readings", "silver/weather_readings_rejected")
    return [DeltaTable(paths_of(deployment).lakehouse / table).to_pyarrow_dataset().count_rows() for table in tables]


@pytest.mark.slow
def test_a_changed_limit_moves_rows_in_the_clone_and_the_comparison_tells_which(
    declared: Path, platform: Callable[..., Result]
) -> None:
    for command in (("demo",), ("clone", "--deployment", "pr-7")):
        done = platform(*command)
        assert done.exit_code == 0, done.output
    assert rows(LOCAL) == rows(PR) == [3, 3, 0]

    edit(declared / "defs.yaml", "max_wind_ms: 113", "max_wind_ms: 40")
    output = io.StringIO()
    console = Console(file=output, width=120)
    assert build_changed_lakehouse(workplace_of(PR), paths_of(LOCAL).published, console), output.getvalue()
    told = [line.split()[0] for line in output.getvalue().splitlines() if "is not computed as published" in line]
    assert told == ["weather/silver/weather_readings", "weather/silver/weather_readings_rejected"]

    with dg.DagsterInstance.from_config(str(paths_of(PR).dagster_home)) as instance:
        run, cloned = instance.get_runs()
        assert cloned.job_name == "weather_clone"
        assert {key.to_user_string() for key in run.asset_selection or ()} == CHOSEN
        months = [run.tags[f"dagster/asset_partition_range_{end}"] for end in ("start", "end")]
        assert months == ["2013-01", "2013-02"]
    assert (rows(LOCAL), rows(PR)) == ([3, 3, 0], [3, 2, 1])

    with delta_gold(paths_of(LOCAL).lakehouse / "gold", paths_of(PR).lakehouse / "gold") as gold:
        daily, anomalies = compare_store(gold, lakehouse_tables(LAKEHOUSES, domain_named("weather")))
    assert daily.rows is not None
    assert (daily.rows.added, daily.rows.removed, daily.rows.changed) == (0, 0, 1)
    largest = {column.column: column.largest for column in daily.rows.columns}
    assert largest["mean_temp_c"] == (LargestChange(("JFK", "2013-01-05"), 12.5, 10.0),)
    assert anomalies.is_same
