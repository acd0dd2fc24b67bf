import pytest
from platform_contract.deployment import pull_request
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.settings import MissingSettingsError
from platform_runtime.platform_context import PlatformContext
from snowflake_medallion.duckdb_raw_store import DuckDBRawStore
from snowflake_medallion.raw_stores import raw_store_of
from snowflake_medallion.snowflake_raw_store import SnowflakeRawStore

from tests.deployments import DEV, LOCAL
from tests.fakes.shop_tables import SHOP


def test_demo_mode_keeps_raw_in_the_deployments_own_file() -> None:
    context = PlatformContext(pull_request(7), demo_mode=True)
    store = raw_store_of(context, SHOP)
    assert isinstance(store, DuckDBRawStore)
    assert store.database == str(context.local_paths.raw_database)
    assert store.database.endswith("/pr-7/warehouse/raw.duckdb")
    assert raw_store_of(PlatformContext(LOCAL, demo_mode=True), SHOP) != store


def test_production_takes_every_name_from_the_contract() -> None:
    store = raw_store_of(PlatformContext(DEV, demo_mode=False), SHOP)
    assert isinstance(store, SnowflakeRawStore)
    access = store.access
    assert (access.database, access.schema_name, store.stage) == ("RAW_DEV", "SHOP", "LANDING")
    assert (access.warehouse, access.role) == ("LOADING_DEV", "LOADER_DEV")
    mine = raw_store_of(PlatformContext(pull_request(7), demo_mode=False), SHOP)
    assert isinstance(mine, SnowflakeRawStore)
    # Whose tables its clones replace.
    assert (mine.access.warehouse, mine.access.role) == ("CI_DEV", "TRANSFORMER_PR_7")


def test_production_names_all_settings_it_lacks_and_none_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EnvironmentVariable.SNOWFLAKE_USER, "SOMEBODY")
    store = raw_store_of(PlatformContext(DEV, demo_mode=False), SHOP)
    with pytest.raises(MissingSettingsError) as missing, store.open("none"):
        pass
    message = str(missing.value)
    assert "SNOWFLAKE_ACCOUNT" in message
    assert "SNOWFLAKE_PRIVATE_KEY" in message
    assert "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER" in message
    assert "SNOWFLAKE_USER" not in message
    assert "SOMEBODY" not in message
