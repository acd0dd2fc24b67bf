from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt.asset_utils import get_node
from platform_contract.layer import Layer

from snowflake_medallion.raw_table import SHOP


def raw_asset_key(table: str) -> dg.AssetKey:
    """`shop/raw/orders`: what the raw load makes and the dbt sources read."""
    return dg.AssetKey([SHOP, Layer.RAW.value, table])


def dbt_asset_key(node: Mapping[str, Any]) -> dg.AssetKey:
    """The key of a source, `shop/raw/orders`, or of a model or snapshot, `shop/gold_customer_summary`."""
    return raw_asset_key(node["name"]) if node["resource_type"] == "source" else dg.AssetKey([SHOP, node["name"]])


def dbt_key_of(manifest: Mapping[str, Any], unique_id: str) -> dg.AssetKey:
    """The key of a source, model or snapshot by its unique id."""
    return dbt_asset_key(get_node(manifest, unique_id))


def dbt_layer(node: Mapping[str, Any]) -> Layer:
    """The layer of a source, model or snapshot."""
    return Layer.RAW if node["resource_type"] == "source" else Layer(node["schema"].lower())
