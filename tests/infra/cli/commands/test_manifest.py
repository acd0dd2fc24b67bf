import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from platform_contract.local_paths import checkout

from tests.rehearsal.requirements import missing_packages, require_tools


@pytest.mark.slow
def test_what_is_published_is_production_s_manifest_and_the_lakehouse_s_code_versions(
    platform: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_tools("dbt on Snowflake", missing_packages("dbt.adapters.snowflake"))
    monkeypatch.chdir(checkout(Path(__file__)))
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "dev")  # does not decide
    written = platform("manifest", "--deployment", "prod", "--into", str(tmp_path / "out"))
    assert written.exit_code == 0, written.output
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["metadata"]["adapter_type"] == "snowflake"
    assert {node["database"] for node in manifest["nodes"].values()} == {"ANALYTICS"}
    assert {source["database"] for source in manifest["sources"].values()} == {"RAW"}
    versions = json.loads((tmp_path / "out" / "code_versions.json").read_text(encoding="utf-8"))
    assert set(versions) == {
        "weather/bronze/weather_readings",
        "weather/silver/weather_readings",
        "weather/silver/weather_readings_rejected",
        "weather/gold/station_daily_summary",
        "weather/gold/temperature_anomalies",
    }
