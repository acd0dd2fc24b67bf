from importlib import resources
from pathlib import Path

import duckdb
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths
from platform_contract.snowflake_names import SHOP_SCHEMA

_ANALYTICS_SCHEMAS = (Layer.BRONZE.value, Layer.SILVER.value, Layer.GOLD.value)


def provision_local_stores(paths: LocalPaths) -> None:
    """Make the folders, DuckDB files, schemas and Dagster home of one deployment; what is there already stays as it is.

    The demo calls it, and so do the resources of the local Pulumi stack.
    """
    for folder in (paths.lakehouse, paths.landing, paths.patterns, paths.dbt_state, paths.scratch):
        folder.mkdir(parents=True, exist_ok=True)
    provision_duckdb_schemas(paths.raw_database, (SHOP_SCHEMA.lower(),))
    provision_duckdb_schemas(paths.analytics_database, _ANALYTICS_SCHEMAS)
    provision_dagster_home(paths.dagster_home)


def provision_duckdb_schemas(database: Path, schemas: tuple[str, ...]) -> None:
    """Make a DuckDB file with those schemas, or add the ones it lacks."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(database) as connection:
        for schema in schemas:
            connection.execute(f'create schema if not exists "{schema}"')


def provision_dagster_home(home: Path) -> None:
    """Make a Dagster home, with the instance settings that this version of the platform ships."""
    home.mkdir(parents=True, exist_ok=True)
    shipped = resources.files("platform_runtime").joinpath("dagster.yaml").read_text(encoding="utf-8")
    (home / "dagster.yaml").write_text(shipped, encoding="utf-8")
