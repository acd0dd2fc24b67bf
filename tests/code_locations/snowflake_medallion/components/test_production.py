"""`demo_mode: false`: definitions load without a credential, and a run says at once what it lacks."""

import importlib.util

import dagster as dg
import pytest
from dagster_dbt.asset_utils import DAGSTER_DBT_MANIFEST_METADATA_KEY
from platform_contract.environment_variables import EnvironmentVariable
from snowflake_medallion.definitions import defs

from tests.fakes.shop_story import Story

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        importlib.util.find_spec("dbt.adapters.snowflake") is None,
        reason="needs dbt-snowflake: uv sync --group snowflake",
    ),
]


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    """The location on deployment dev, with no setting but that."""
    with pytest.MonkeyPatch.context() as environment:
        for variable in EnvironmentVariable:
            environment.delenv(variable, raising=False)
        environment.setenv(EnvironmentVariable.PLATFORM_DEPLOYMENT, "dev")
        environment.setenv(EnvironmentVariable.PLATFORM_DEMO_MODE, "false")
        environment.setenv(EnvironmentVariable.PLATFORM_LOCAL_ROOT, str(tmp_path_factory.mktemp("production")))
        return defs()


def failure(production: dg.Definitions, op: str) -> str:
    job = production.resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(raise_on_error=False, op_selection=[op])
    assert not result.success
    (failed,) = (event for event in result.all_events if event.is_step_failure)
    error = failed.step_failure_data.error
    assert error is not None
    assert error.cause is not None
    return error.cause.message


def test_the_asset_graph_is_the_demos(production: dg.Definitions, story: Story) -> None:
    ours, demos = production.resolve_asset_graph(), story.definitions.resolve_asset_graph()
    assert ours.materializable_asset_keys == demos.materializable_asset_keys
    assert ours.asset_check_keys == demos.asset_check_keys
    for key in ours.materializable_asset_keys:
        assert ours.get(key).parent_keys == demos.get(key).parent_keys


def test_the_manifest_is_snowflakes_with_the_contracts_names(production: dg.Definitions) -> None:
    spec = next(
        spec for spec in production.resolve_all_asset_specs() if spec.key == dg.AssetKey(["shop", "silver_orders"])
    )
    manifest = spec.metadata[DAGSTER_DBT_MANIFEST_METADATA_KEY].manifest
    assert manifest["metadata"]["adapter_type"] == "snowflake"
    databases = {node["database"] for node in (*manifest["nodes"].values(), *manifest["sources"].values())}
    assert databases == {"ANALYTICS_DEV", "RAW_DEV"}
    assert "snowflake" in spec.kinds


@pytest.mark.parametrize("op", ["shop_raw_load", "shop_dbt_build", "shop_source_freshness"])
def test_a_run_names_every_setting_it_lacks_at_once(production: dg.Definitions, op: str) -> None:
    message = failure(production, op)
    assert message.startswith("platform_contract.settings.MissingSettingsError: ")
    for setting in (
        "SNOWFLAKE_ACCOUNT",
        "SNOWFLAKE_USER",
        "SNOWFLAKE_PRIVATE_KEY",
        "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER",
    ):
        assert setting in message


def test_a_setting_that_is_there_is_not_asked_for(production: dg.Definitions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EnvironmentVariable.SNOWFLAKE_ACCOUNT, "org-account")
    message = failure(production, "shop_dbt_build")
    assert "SNOWFLAKE_ACCOUNT" not in message
    assert "org-account" not in message
    assert "SNOWFLAKE_USER" in message
