from pathlib import Path

from platform_contract.domain import Engine
from platform_contract.domains import places_on
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths


def delta_roots(paths: LocalPaths) -> dict[str, Path]:
    """The folder of each schema's Delta tables."""
    return {place.schema: paths.lakehouse / place.schema for place in places_on(Engine.DATABRICKS)}


def working_folders(paths: LocalPaths) -> tuple[Path, ...]:
    """The folders beside the tables: what arrives, what the patterns write, dbt's state, spill files."""
    return (paths.landing, paths.patterns, paths.dbt_state, paths.scratch)


def duckdb_schemas(paths: LocalPaths) -> dict[Path, tuple[str, ...]]:
    """The DuckDB files, and the schemas of each: those that the domains have in Snowflake."""
    places = places_on(Engine.SNOWFLAKE)
    return {
        paths.raw_database: tuple(place.schema for place in places if place.layer is Layer.RAW),
        paths.analytics_database: tuple(place.schema for place in places if place.layer is not Layer.RAW),
    }
