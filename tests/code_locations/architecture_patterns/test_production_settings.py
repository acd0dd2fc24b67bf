import pytest
from architecture_patterns.pattern import Pattern
from architecture_patterns.production_settings import ProductionSettings
from platform_contract.settings import MissingSettingsError


def test_every_missing_setting_of_the_pattern_is_named() -> None:
    settings = ProductionSettings(pattern=Pattern.ETL_PIPELINE, deployment="dev")
    with pytest.raises(MissingSettingsError, match="etl_pipeline on deployment dev") as missing:
        settings.values()
    for variable in ("PLATFORM_STORAGE_URI", "SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PRIVATE_KEY"):
        assert variable in str(missing.value)


def test_a_pattern_asks_for_nothing_it_does_not_use() -> None:
    with pytest.raises(MissingSettingsError) as missing:
        ProductionSettings(pattern=Pattern.LAKEHOUSE_PIPELINE, deployment="dev").values()
    assert "SNOWFLAKE" not in str(missing.value)


def test_two_deployments_share_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM_STORAGE_URI", "s3://bucket/platform/")
    uris = {
        name: ProductionSettings(pattern=Pattern.LAKEHOUSE_PIPELINE, deployment=name).storage().source("weather")
        for name in ("prod", "pr-7")
    }
    assert uris == {
        "prod": "s3://bucket/platform/prod/landing/weather",
        "pr-7": "s3://bucket/platform/pr-7/landing/weather",
    }
