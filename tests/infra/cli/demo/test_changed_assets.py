"""Which tables of the lakehouse a change makes out of date."""

from pathlib import Path

import dagster as dg
import pytest
from platform_cli.demo.changed_assets import with_dependants
from platform_cli.demo.code_location import LoadedLocation, load_location
from platform_cli.demo.code_versions import changed_tables
from platform_cli.demo.run_plan import plan_runs

from tests.fakes.weather_checkout import edit, write_weather_checkout

BRONZE = "weather/bronze/weather_readings"
SILVER = "weather/silver/weather_readings"
REJECTED = "weather/silver/weather_readings_rejected"
DAILY = "weather/gold/station_daily_summary"
ANOMALIES = "weather/gold/temperature_anomalies"


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    return write_weather_checkout(tmp_path / "checkout")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The code versions as production has them."""
    folder = tmp_path_factory.mktemp("published")
    write_weather_checkout(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLATFORM_DEPLOYMENT", "prod")
        patch.setenv("PLATFORM_DEMO_MODE", "false")
        patch.setenv("PLATFORM_LOCAL_ROOT", str(folder / "stores"))
        return load(folder).code_versions


def load(checkout: Path) -> LoadedLocation:
    return load_location(checkout / "workspace.yaml", "databricks_delta")


def chosen(location: LoadedLocation, changed: list[str]) -> set[str]:
    return {key.to_user_string() for key in with_dependants(location.asset_graph, changed)}


def test_another_deployment_on_another_engine_changes_nothing(
    declared: Path, published: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "pr-7")
    edit(declared / "defs.yaml", "description: A station's UTC day in one row.", "description: A day.")
    location = load(declared.parents[1])
    assert set(published) == {BRONZE, SILVER, REJECTED, DAILY, ANOMALIES}
    assert changed_tables(location.code_versions, published) == []
    assert chosen(location, []) == set()
    with dg.DagsterInstance.ephemeral() as instance:
        assert plan_runs(location.asset_graph, set(), instance) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "changed", "built"),
    [
        pytest.param(
            *("defs.yaml", "max_wind_ms: 113", "max_wind_ms: 40"),
            [SILVER, REJECTED],
            {SILVER, REJECTED, DAILY, ANOMALIES},
            id="a parameter",
        ),
        pytest.param(
            "station_daily_summary.sql", "/ 24", "/ 24.0", [DAILY], {DAILY}, id="a SELECT that no other table reads"
        ),
        pytest.param(
            *("defs.yaml", "reads_days_before: 30", "reads_days_before: 31"),
            [ANOMALIES],
            {ANOMALIES},
            id="what is read",
        ),
        pytest.param(
            *("defs.yaml", "humidity_pct: { type: double, desc", "humidity_pct: { type: double, nullable: false, desc"),
            [SILVER],
            {SILVER, DAILY, ANOMALIES},
            id="a column",
        ),
        pytest.param(
            *("defs.yaml", 'files: "*.csv.gz"', 'files: "*.csv"'),
            [BRONZE],
            {BRONZE, SILVER, REJECTED, DAILY, ANOMALIES},
            id="which files are taken in",
        ),
    ],
)
def test_what_is_computed_otherwise_is_built_with_all_that_depends_on_it(  # noqa: PLR0917 - a row of the table above
    declared: Path,
    published: dict[str, str],
    file: str,
    before: str,
    after: str,
    changed: list[str],
    built: set[str],
) -> None:
    edit(declared / file, before, after)
    location = load(declared.parents[1])
    assert changed_tables(location.code_versions, published) == changed
    assert chosen(location, changed) == built


def test_a_table_that_was_not_published_is_built() -> None:
    assert changed_tables({"a": "1", "b": "1"}, {"a": "1", "gone": "1"}) == ["b"]
