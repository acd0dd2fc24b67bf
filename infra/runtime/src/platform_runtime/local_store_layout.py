from pathlib import Path

from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths
from platform_contract.snowflake_names import SHOP_SCHEMA

LAKEHOUSE_LAYERS = (Layer.BRONZE, Layer.SILVER, Layer.GOLD)


def delta_roots(paths: LocalPaths) -> dict[Layer, Path]:
    """The folder of each layer's Delta tables."""
    return {layer: paths.lakehouse / layer.value for layer in LAKEHOUSE_LAYERS}


def working_folders(paths: LocalPaths) -> tuple[Path, ...]:
    """The folders beside the tables: what arrives, what the patterns write, dbt's state, spill files."""
    return (paths.landing, paths.patterns, paths.dbt_state, paths.scratch)


def duckdb_schemas(paths: LocalPaths) -> dict[Path, tuple[str, ...]]:
    """The DuckDB files, and the schemas of each."""
    return {
        paths.raw_database: (SHOP_SCHEMA.lower(),),
        paths.analytics_database: tuple(layer.value for layer in LAKEHOUSE_LAYERS),
    }
