from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths
from platform_contract.snowflake_names import Persona, SnowflakeNames


def duckdb_environment(paths: LocalPaths) -> dict[str, str]:
    """What the dbt project reads on its `duckdb` target: the two database files, each also a database name in SQL."""
    return {
        EnvironmentVariable.PLATFORM_RAW_DUCKDB: str(paths.raw_database),
        EnvironmentVariable.PLATFORM_ANALYTICS_DUCKDB: str(paths.analytics_database),
        EnvironmentVariable.PLATFORM_RAW_DATABASE: paths.raw_database.stem,
        EnvironmentVariable.PLATFORM_ANALYTICS_DATABASE: paths.analytics_database.stem,
    }


def snowflake_environment(names: SnowflakeNames) -> dict[str, str]:
    """What the dbt project reads on its `snowflake` target, beside the account and credential settings."""
    return {
        EnvironmentVariable.PLATFORM_RAW_DATABASE: names.raw_database,
        EnvironmentVariable.PLATFORM_ANALYTICS_DATABASE: names.analytics_database,
        EnvironmentVariable.PLATFORM_TRANSFORMER_ROLE: names.role(Persona.TRANSFORMER),
        EnvironmentVariable.PLATFORM_BRONZE_WAREHOUSE: names.layer_warehouse(Layer.BRONZE),
        EnvironmentVariable.PLATFORM_SILVER_WAREHOUSE: names.layer_warehouse(Layer.SILVER),
        EnvironmentVariable.PLATFORM_GOLD_WAREHOUSE: names.layer_warehouse(Layer.GOLD),
    }
