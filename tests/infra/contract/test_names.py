import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platform_contract.databricks_names import DatabricksNames, Group, Principal, Volume
from platform_contract.deployment import Deployment, pull_request
from platform_contract.domain import Engine
from platform_contract.domains import places_on
from platform_contract.errors import ContractError
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths
from platform_contract.snowflake_names import Persona, ServiceUser, SnowflakeNames, Warehouse

from tests.deployments import DEV, LOCAL, PROD

PULL_REQUESTS = st.integers(min_value=1, max_value=999_999_999).map(pull_request)
CLOUD = st.one_of(st.sampled_from([DEV, PROD]), PULL_REQUESTS)
EVERY = st.one_of(st.just(LOCAL), CLOUD)

# Snowflake: an unquoted identifier has at most 255 characters and is stored in upper case.
SNOWFLAKE_IDENTIFIER = re.compile(r"[A-Z_][A-Z0-9_$]{0,254}")
# Unity Catalog: at most 255 characters, stored in lower case; these need no back quotes anywhere.
UNITY_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,254}")

# Dev's standing objects that pull requests use, and production's one role that a clone may use.
SHARED_SNOWFLAKE = {"CI_DEV", "CI_RUNNER_DEV", "BRANCH_RUNNER_DEV", "CLONE_READER", "PR_ADMIN_DEV", "PR_PIPELINES_DEV"}
SHARED_DATABRICKS = {"bronze", "silver", "gold", "ops", "platform_clone_readers"}


def snowflake_names(deployment: Deployment) -> set[str]:
    names = SnowflakeNames(deployment)
    return {
        names.raw_database,
        names.analytics_database,
        names.network_policy,
        *(names.warehouse(kind) for kind in Warehouse),
        *(names.monitor(kind) for kind in Warehouse),
        *(names.role(persona) for persona in Persona),
        *(names.user(user) for user in ServiceUser),
    }


def own_databricks_names(deployment: Deployment) -> set[str]:
    names = DatabricksNames(deployment)
    return {names.catalog, names.storage_folder}


def databricks_names(deployment: Deployment) -> set[str]:
    names = DatabricksNames(deployment)
    return {
        names.catalog,
        names.storage_credential,
        names.external_location,
        names.sql_warehouse,
        names.cluster_policy,
        names.budget,
        names.budget_policy,
        *(names.group(group) for group in Group),
        *(names.principal(principal) for principal in Principal),
        *names.schemas,
    }


@given(CLOUD, CLOUD)
def test_no_two_deployments_share_a_snowflake_name(one: Deployment, other: Deployment) -> None:
    shared = snowflake_names(one) & snowflake_names(other)
    assert one == other or shared <= SHARED_SNOWFLAKE


@given(CLOUD, CLOUD)
def test_no_two_deployments_share_a_catalog_or_a_storage_folder(one: Deployment, other: Deployment) -> None:
    assert one == other or not own_databricks_names(one) & own_databricks_names(other)


def test_dev_and_prod_share_nothing_in_databricks_but_schemas_and_clone_readers() -> None:
    assert databricks_names(DEV) & databricks_names(PROD) == SHARED_DATABRICKS


@given(EVERY, EVERY)
def test_no_two_deployments_share_a_local_folder(one: Deployment, other: Deployment) -> None:
    mine, theirs = LocalPaths(Path("/p"), one), LocalPaths(Path("/p"), other)
    assert one == other or not (mine.home.is_relative_to(theirs.home) or theirs.home.is_relative_to(mine.home))


@given(CLOUD)
def test_every_snowflake_name_is_legal_and_upper_case(deployment: Deployment) -> None:
    names = SnowflakeNames(deployment)
    schemas = {names.schema(place.domain, place.layer) for place in places_on(Engine.SNOWFLAKE)}
    layered = schemas | {names.layer_warehouse(layer) for layer in Layer}
    assert all(SNOWFLAKE_IDENTIFIER.fullmatch(name) for name in snowflake_names(deployment) | layered)


@given(CLOUD)
def test_every_databricks_name_is_legal_and_lower_case(deployment: Deployment) -> None:
    assert all(UNITY_IDENTIFIER.fullmatch(name) for name in databricks_names(deployment))


def test_the_names_that_the_design_gives() -> None:
    assert [SnowflakeNames(d).analytics_database for d in (PROD, DEV, pull_request(12))] == [
        "ANALYTICS",
        "ANALYTICS_DEV",
        "ANALYTICS_PR_12",
    ]
    assert [DatabricksNames(d).catalog for d in (PROD, DEV, pull_request(12))] == [
        "platform",
        "platform_dev",
        "platform_pr_12",
    ]
    paths = LocalPaths(Path("/checkout/.local"), pull_request(7))
    assert paths.delta_table(Layer.SILVER, "weather_readings") == Path(
        "/checkout/.local/pr-7/lakehouse/silver/weather_readings"
    )
    assert paths.raw_database == Path("/checkout/.local/pr-7/warehouse/raw.duckdb")
    assert DatabricksNames(PROD).volume_path(Volume.LANDING) == "/Volumes/platform/ops/landing"
    assert DatabricksNames(DEV).volume(Volume.CODE) == "platform_dev.ops.code"


def test_pull_requests_are_told_apart_whole() -> None:
    one, twelve = SnowflakeNames(pull_request(1)), SnowflakeNames(pull_request(12))
    assert one.raw_database == "RAW_PR_1"
    assert twelve.raw_database == "RAW_PR_12"
    folder = Path("/p") / DatabricksNames(pull_request(1)).storage_folder
    assert not (Path("/p") / DatabricksNames(pull_request(12)).storage_folder).is_relative_to(folder)


def test_a_pull_request_owns_no_warehouse_user_or_storage() -> None:
    names = SnowflakeNames(pull_request(12))
    assert {names.warehouse(kind) for kind in Warehouse} == {"CI_DEV"}
    assert names.user(ServiceUser.CI) == "CI_RUNNER_DEV"
    assert {names.user(user) for user in ServiceUser if user is not ServiceUser.CI} == {"BRANCH_RUNNER_DEV"}
    assert DatabricksNames(pull_request(12)).external_location == DatabricksNames(DEV).external_location


@pytest.mark.parametrize("names", [SnowflakeNames(LOCAL), DatabricksNames(LOCAL)])
def test_local_has_no_cloud_name(names: SnowflakeNames | DatabricksNames) -> None:
    with pytest.raises(ContractError, match="has no cloud"):
        _ = names.raw_database if isinstance(names, SnowflakeNames) else names.catalog
