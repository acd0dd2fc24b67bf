"""The demo whole, on the shipped files: what weather does to flights, which takes tables of two code locations."""

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from platform_cli.main import main
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths, checkout

from tests.deployments import LOCAL

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> LocalPaths:
    return LocalPaths(tmp_path_factory.mktemp("demo"), LOCAL)


@pytest.fixture(scope="module")
def demo(paths: LocalPaths) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        for variable in EnvironmentVariable:
            patch.delenv(variable, raising=False)
        patch.setenv(EnvironmentVariable.PLATFORM_LOCAL_ROOT, str(paths.root))
        patch.chdir(checkout(Path(__file__)))
        return CliRunner().invoke(main, ["demo"])


def rows(paths: LocalPaths, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(paths.analytics_database, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def counts(output: str) -> dict[str, str]:
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in output.splitlines() if line.startswith("│")]
    return {cells[1]: cells[3] for cells in lines}


def test_every_table_is_built_and_counts_what_its_files_hold(demo: Result) -> None:
    assert demo.exit_code == 0, demo.output
    built = counts(demo.output)
    assert {name: rows for name, rows in built.items() if name.startswith("flights/raw/")} == {
        "flights/raw/departures": "336,776",
        "flights/raw/carriers": "16",
        "flights/raw/airports": "1,458",
        "flights/raw/planes": "3,322",
        # What the lakehouse accepts: one reading of 26,115 is rejected.
        "flights/raw/weather_readings": built["weather/silver/weather_readings"],
    }
    assert built["weather/silver/weather_readings"] == "26,114"
    assert built["flights/silver_departures"] == "336,776"
    assert built["flights/gold_departures_by_weather"] == "15"


def test_delays_and_cancellations_by_weather(demo: Result, paths: LocalPaths) -> None:
    """Known of the source: plain SQL over its files gave the same."""
    assert demo.exit_code == 0, demo.output
    sql = (
        "select weather, flights, cancelled, round(mean_departure_delay_min, 3)"
        " from flights_gold.gold_departures_by_weather where station = 'JFK' and weather in ('rain', 'calm') order by 1"
    )
    assert rows(paths, sql) == [("calm", 95_485, 1_036, 10.299), ("rain", 5_232, 269, 29.216)]


def test_no_departure_is_lost_on_the_way(demo: Result, paths: LocalPaths) -> None:
    assert demo.exit_code == 0, demo.output
    for table in ("gold_departures_by_weather", "gold_carrier_daily"):
        assert rows(paths, f"select sum(flights), sum(cancelled) from flights_gold.{table}") == [(336_776, 8_255)]
