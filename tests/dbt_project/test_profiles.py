"""What `profiles.yml` resolves to, rendered as dbt renders it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from jinja2.nativetypes import NativeEnvironment
from platform_contract.dbt_environment import duckdb_environment, snowflake_environment
from platform_contract.deployment import Deployment, pull_request
from platform_contract.local_paths import LocalPaths
from platform_contract.snowflake_names import SnowflakeNames

from tests.deployments import DEV, LOCAL

PROJECT = Path(__file__).parents[2] / "dbt_project"


def render(value: Any, environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - YAML
    def env_var(name: str, default: str | None = None) -> str:
        if name not in environment and default is None:
            raise KeyError(name)
        return environment.get(name, default or "")

    if isinstance(value, dict):
        return {key: render(item, environment) for key, item in value.items()}
    if isinstance(value, list):
        return [render(item, environment) for item in value]
    native = NativeEnvironment(undefined=jinja2.StrictUndefined)
    return native.from_string(value).render(env_var=env_var) if isinstance(value, str) else value


def output(target: str, environment: Mapping[str, str]) -> dict[str, Any]:
    profile = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))["platform"]
    return render(profile["outputs"][target], environment)


@pytest.mark.parametrize("deployment", [LOCAL, DEV, pull_request(7)])
def test_the_defaults_are_the_contracts_own_paths(deployment: Deployment) -> None:
    paths = LocalPaths(PROJECT.parent / ".local", deployment)
    environment = {} if deployment is LOCAL else {"PLATFORM_DEPLOYMENT": deployment.name}
    by_hand = output("duckdb", environment)
    assert (PROJECT / by_hand["path"]).resolve() == paths.analytics_database.resolve()
    assert (PROJECT / by_hand["attach"][0]["path"]).resolve() == paths.raw_database.resolve()
    assert by_hand["attach"][0]["alias"] == "raw"


def test_another_local_root_is_followed() -> None:
    by_hand = output("duckdb", {"PLATFORM_LOCAL_ROOT": "/data/platform"})
    assert by_hand["path"] == str(LocalPaths(Path("/data/platform"), LOCAL).analytics_database)


def test_dagster_says_the_files_outright_and_raw_is_only_read() -> None:
    paths = LocalPaths(Path("/data/platform"), pull_request(7))
    by_dagster = output("duckdb", duckdb_environment(paths))
    assert by_dagster["path"] == str(paths.analytics_database)
    assert by_dagster["attach"] == [{"path": str(paths.raw_database), "alias": "raw", "read_only": True}]


def test_snowflake_gets_names_from_the_contract_and_the_key_from_the_environment() -> None:
    names = snowflake_environment(SnowflakeNames(DEV))
    settings = {"SNOWFLAKE_ACCOUNT": "org-acct", "SNOWFLAKE_USER": "DAGSTER_DEV", "SNOWFLAKE_PRIVATE_KEY": "-----BEGIN"}
    target = output("snowflake", names | settings)
    assert (target["database"], target["role"], target["warehouse"]) == (
        "ANALYTICS_DEV",
        "TRANSFORMER_DEV",
        "TRANSFORMING_DEV",
    )
    assert (target["authenticator"], target["private_key"]) == ("snowflake_jwt", "-----BEGIN")
    assert target["workload_identity_provider"] is None


def test_snowflake_without_a_key_signs_in_by_workload_identity() -> None:
    names = snowflake_environment(SnowflakeNames(DEV))
    target = output("snowflake", names | {"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "AWS"})
    assert (target["authenticator"], target["workload_identity_provider"]) == ("workload_identity", "AWS")
    assert target["private_key"] is None


def test_snowflake_without_names_is_an_error() -> None:
    with pytest.raises(KeyError, match="PLATFORM_"):
        output("snowflake", {"SNOWFLAKE_ACCOUNT": "org-acct"})
