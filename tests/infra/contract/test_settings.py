import pytest
from platform_contract.settings import (
    DATABRICKS_REQUIREMENTS,
    SNOWFLAKE_REQUIREMENTS,
    MissingSettingsError,
    Requirement,
    require_settings,
)

SNOWFLAKE = {"SNOWFLAKE_ACCOUNT": "o-a", "SNOWFLAKE_USER": "DAGSTER", "SNOWFLAKE_PRIVATE_KEY": "planted-secret"}
DATABRICKS = {"DATABRICKS_SERVER_HOSTNAME": "h", "DATABRICKS_HTTP_PATH": "/sql"}


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(MissingSettingsError) as error:
        require_settings({}, SNOWFLAKE_REQUIREMENTS, "shop/raw/orders")
    for name in (
        "shop/raw/orders",
        "SNOWFLAKE_ACCOUNT",
        "SNOWFLAKE_USER",
        "SNOWFLAKE_PRIVATE_KEY",
        "WORKLOAD_IDENTITY",
    ):
        assert name in str(error.value)


def test_an_empty_value_is_missing() -> None:
    with pytest.raises(MissingSettingsError, match="SNOWFLAKE_USER"):
        require_settings({**SNOWFLAKE, "SNOWFLAKE_USER": ""}, SNOWFLAKE_REQUIREMENTS, "x")


@pytest.mark.parametrize(
    ("credential", "complete"),
    [
        ({"DATABRICKS_TOKEN": "t"}, True),
        ({"DATABRICKS_CLIENT_ID": "i", "DATABRICKS_CLIENT_SECRET": "s"}, True),
        ({"DATABRICKS_CLIENT_ID": "i", "DATABRICKS_OIDC_TOKEN_FILEPATH": "/t"}, True),
        ({"DATABRICKS_CLIENT_ID": "i", "DATABRICKS_OIDC_TOKEN": "t"}, True),
        ({"DATABRICKS_OIDC_TOKEN_FILEPATH": "/t"}, False),
        ({"DATABRICKS_CLIENT_ID": "i"}, False),
        ({}, False),
    ],
)
def test_one_whole_alternative_is_enough_and_half_of_one_is_not(credential: dict[str, str], complete: bool) -> None:
    environ = DATABRICKS | credential
    if complete:
        assert require_settings(environ, DATABRICKS_REQUIREMENTS, "x") == environ
        return
    with pytest.raises(MissingSettingsError, match="DATABRICKS_CLIENT_SECRET"):
        require_settings(environ, DATABRICKS_REQUIREMENTS, "x")


@pytest.mark.parametrize("requirements", [SNOWFLAKE_REQUIREMENTS, DATABRICKS_REQUIREMENTS])
def test_no_value_reaches_the_message(requirements: tuple[Requirement, ...]) -> None:
    environ = {"SNOWFLAKE_PRIVATE_KEY": "planted-secret", "DATABRICKS_TOKEN": "planted-secret"}
    with pytest.raises(MissingSettingsError) as error:
        require_settings(environ, requirements, "x")
    assert "planted-secret" not in str(error.value)
