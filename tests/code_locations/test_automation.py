"""Whatever starts runs, in all three locations, on every kind of deployment: none is forgotten."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
import pytest
import snowflake_medallion
from architecture_patterns.definitions import defs as patterns
from databricks_delta.definitions import defs as weather
from snowflake_medallion.definitions import defs as shop
from snowflake_medallion.prepare_manifest import prepare_manifests

DEV = {"DAGSTER_CLOUD_DEPLOYMENT_NAME": "dev"}
PROD = {"DAGSTER_CLOUD_DEPLOYMENT_NAME": "prod"}
PULL_REQUEST = {"DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT": "1", "DAGSTER_CLOUD_PULL_REQUEST_ID": "7"}
EVERYWHERE = {
    "flights_landing",
    "flights_refresh_schedule",
    "shop_landing",
    "shop_refresh_schedule",
    "weather_landing",
    "weather_months",
}
# In Databricks there is no maintenance of ours.
ON_A_LAPTOP = {*EVERYWHERE, "weather_maintenance_schedule"}
LOCATIONS = (weather, shop, patterns)

pytestmark = pytest.mark.slow


def statuses() -> dict[str, bool]:
    """Whether each sensor and schedule runs from the first load, those that Dagster adds by itself among them."""
    repositories = [location().get_repository_def() for location in LOCATIONS]
    sensors = (sensor for repository in repositories for sensor in repository.sensor_defs)
    schedules = (schedule for repository in repositories for schedule in repository.schedule_defs)
    return {
        **{sensor.name: sensor.default_status is dg.DefaultSensorStatus.RUNNING for sensor in sensors},
        **{schedule.name: schedule.default_status is dg.DefaultScheduleStatus.RUNNING for schedule in schedules},
    }


def served(environ: Mapping[str, str], deployment: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """The statuses in Dagster+, once the image's build has prepared the manifest."""
    monkeypatch.setenv("PLATFORM_LOCAL_ROOT", str(root))
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", deployment)
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")
    assert len(list(prepare_manifests(Path(snowflake_medallion.__file__).parent))) == 1
    monkeypatch.setenv("PLATFORM_MANIFESTS", str(root))
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return statuses()


@pytest.mark.skipif(
    importlib.util.find_spec("dbt.adapters.snowflake") is None, reason="needs dbt-snowflake: uv sync --group snowflake"
)
@pytest.mark.parametrize(
    ("environ", "deployment", "expected"),
    [
        (DEV, "dev", dict.fromkeys(EVERYWHERE, True)),
        (PROD, "prod", dict.fromkeys({*EVERYWHERE, "clean_up_closed_pull_requests"}, True)),
        (PULL_REQUEST, "pr-7", dict.fromkeys(EVERYWHERE, False)),
    ],
)
def test_in_dagster_plus_the_kind_of_deployment_decides(
    environ: dict[str, str],
    deployment: str,
    expected: dict[str, bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert served(environ, deployment, tmp_path, monkeypatch) == expected


@pytest.mark.parametrize(("word", "expected"), [("false", False), ("true", True)])
def test_on_this_machine_whoever_starts_dagster_decides(
    word: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLATFORM_LOCAL_ROOT", str(tmp_path))
    assert statuses() == dict.fromkeys(ON_A_LAPTOP, False)
    monkeypatch.setenv("PLATFORM_AUTOMATION", word)
    assert statuses() == dict.fromkeys(ON_A_LAPTOP, expected)
