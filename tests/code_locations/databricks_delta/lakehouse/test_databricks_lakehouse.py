"""What holds without Databricks: nothing is asked of the environment before it is used, and nothing secret is told."""

import pytest
from databricks_delta.components.deployment_lakehouse import databricks_lakehouse
from databricks_delta.lakehouse.statement import Statement
from platform_contract.errors import ContractError
from platform_contract.settings import MissingSettingsError
from platform_runtime.lakehouse.warehouse_use import WarehouseUse

from tests.code_locations.databricks_delta.lakehouse_under_test import shipped_blueprint
from tests.deployments import DEV, LOCAL

LAKEHOUSE = databricks_lakehouse(DEV, WarehouseUse())
SECRET = "dapi-never-to-be-seen"  # noqa: S105 - a made-up one


def test_names_are_the_deployments() -> None:
    names = (LAKEHOUSE.catalog, LAKEHOUSE.landing_volume, LAKEHOUSE.code_volume, LAKEHOUSE.deployment)
    assert names == ("platform_dev", "/Volumes/platform_dev/ops/landing", "/Volumes/platform_dev/ops/code", "dev")
    with pytest.raises(ContractError, match="'local' has no cloud"):
        databricks_lakehouse(LOCAL, WarehouseUse())


def test_every_use_without_settings_names_all_that_are_missing() -> None:
    blueprint = shipped_blueprint()
    uses = (
        lambda: LAKEHOUSE.query(Statement("SELECT 1 AS a", "a question", {}), None),
        lambda: LAKEHOUSE.ingest(blueprint.sources[0].bronze, blueprint.sources[0].landing),
        lambda: LAKEHOUSE.landed(blueprint.sources[0].landing),
    )
    for use in uses:
        with pytest.raises(MissingSettingsError) as missing:
            use()
        for setting in ("SERVER_HOSTNAME", "HTTP_PATH", "TOKEN", "CLIENT_ID", "CLIENT_SECRET"):
            assert f"DATABRICKS_{setting}" in str(missing.value)
        assert "catalog platform_dev" in str(missing.value)


def test_the_token_is_in_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_SERVER_HOSTNAME", "dbc.example.com")
    monkeypatch.setenv("DATABRICKS_TOKEN", SECRET)
    with pytest.raises(MissingSettingsError) as missing:
        LAKEHOUSE.query(Statement("SELECT 1 AS a", "a question", {}), None)
    assert SECRET not in str(missing.value)
    assert SECRET not in repr(LAKEHOUSE)
