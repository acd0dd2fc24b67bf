from pathlib import Path

from platform_contract.dbt_environment import duckdb_environment, snowflake_environment
from platform_contract.deployment import pull_request
from platform_contract.local_paths import LocalPaths
from platform_contract.snowflake_names import SnowflakeNames

from tests.deployments import LOCAL


def test_the_duckdb_target_reads_two_files_named_as_their_databases() -> None:
    assert duckdb_environment(LocalPaths(Path("/p"), LOCAL)) == {
        "PLATFORM_RAW_DUCKDB": "/p/local/warehouse/raw.duckdb",
        "PLATFORM_ANALYTICS_DUCKDB": "/p/local/warehouse/analytics.duckdb",
        "PLATFORM_RAW_DATABASE": "raw",
        "PLATFORM_ANALYTICS_DATABASE": "analytics",
    }


def test_a_pull_request_transforms_with_its_own_role_on_the_shared_warehouse() -> None:
    assert snowflake_environment(SnowflakeNames(pull_request(12))) == {
        "PLATFORM_RAW_DATABASE": "RAW_PR_12",
        "PLATFORM_ANALYTICS_DATABASE": "ANALYTICS_PR_12",
        "PLATFORM_TRANSFORMER_ROLE": "TRANSFORMER_PR_12",
        "PLATFORM_BRONZE_WAREHOUSE": "CI_DEV",
        "PLATFORM_SILVER_WAREHOUSE": "CI_DEV",
        "PLATFORM_GOLD_WAREHOUSE": "CI_DEV",
    }
