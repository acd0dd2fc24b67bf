from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg
from platform_contract.layer import Layer

from snowflake_medallion.asset_keys import dbt_asset_key, dbt_layer, raw_asset_key
from snowflake_medallion.raw_table import SHOP_TABLES

# What is computed anew whenever it is read holds no data of its own.
_HOLD_ROWS = frozenset({"table", "incremental", "snapshot"})
_VIEW = "view"


@dataclass(frozen=True, slots=True)
class ShopTable:
    """A table of the shop that holds rows: the asset that it is, its layer and its name there, in lower case."""

    key: dg.AssetKey
    layer: Layer
    name: str


def shop_tables(manifest: Mapping[str, Any]) -> list[ShopTable]:
    """Every table that holds rows: the raw ones, then those that dbt builds, layer by layer.

    Args:
        manifest: the dbt project's.
    """
    raw = [ShopTable(raw_asset_key(table.name), Layer.RAW, table.name) for table in SHOP_TABLES]
    built = [
        ShopTable(dbt_asset_key(node), dbt_layer(node), node["alias"].lower())
        for node in manifest["nodes"].values()
        if node["config"].get("materialized") in _HOLD_ROWS and node["resource_type"] in ("model", "snapshot")
    ]
    order = list(Layer)
    return [*raw, *sorted(built, key=lambda table: (order.index(table.layer), table.name))]


def has_views(manifest: Mapping[str, Any]) -> bool:
    """Whether dbt builds any view, which is never cloned: its text names the deployment that it was made in."""
    return any(node["config"].get("materialized") == _VIEW for node in manifest["nodes"].values())
