from pathlib import Path

import duckdb
from platform_contract.local_paths import LocalPaths

from platform_runtime.dagster_settings import DAGSTER_SETTINGS, shipped_dagster_settings
from platform_runtime.local_store_layout import delta_roots, duckdb_schemas, working_folders


def provision_local_stores(paths: LocalPaths) -> None:
    """Make the folders, DuckDB files, schemas and Dagster home of one deployment; what is there already stays as it is.

    The local Pulumi stack makes the same stores by the same functions, one resource for each.
    """
    for folder in (*delta_roots(paths).values(), *working_folders(paths)):
        provision_folder(folder)
    for database, schemas in duckdb_schemas(paths).items():
        provision_duckdb_schemas(database, schemas)
    provision_dagster_home(paths.dagster_home)


def provision_folder(folder: Path) -> None:
    """Make a folder and the ones above it."""
    folder.mkdir(parents=True, exist_ok=True)


def provision_duckdb_schemas(database: Path, schemas: tuple[str, ...]) -> None:
    """Make a DuckDB file with those schemas (an empty file for none of them), or add the ones it lacks."""
    provision_folder(database.parent)
    with duckdb.connect(database) as connection:
        for schema in schemas:
            connection.execute(f'create schema if not exists "{schema}"')


def provision_dagster_home(home: Path) -> None:
    """Make a Dagster home, with the instance settings that this version of the platform ships."""
    provision_folder(home)
    (home / DAGSTER_SETTINGS).write_text(shipped_dagster_settings(), encoding="utf-8")
