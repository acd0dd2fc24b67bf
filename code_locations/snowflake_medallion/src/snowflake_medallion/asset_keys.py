from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt.asset_utils import get_node
from platform_contract.domain import Domain, Engine, Place
from platform_contract.domains import place_of, places_on
from platform_contract.layer import Layer


def raw_asset_key(domain: Domain, table: str) -> dg.AssetKey:
    """`<domain>/raw/orders`: what the raw load makes and the dbt sources read."""
    return dg.AssetKey([domain.name, Layer.RAW.value, table])


def dbt_asset_key(node: Mapping[str, Any]) -> dg.AssetKey:
    """The key of a source, `<domain>/raw/orders`, or of a model or snapshot, `<domain>/gold_customer_summary`.

    Raises:
        MisplacedNodeError: when no domain has its schema.
    """
    domain = dbt_place(node).domain
    is_source = node["resource_type"] == "source"
    return raw_asset_key(domain, node["name"]) if is_source else dg.AssetKey([domain.name, node["name"]])


def dbt_key_of(manifest: Mapping[str, Any], unique_id: str) -> dg.AssetKey:
    """The key of a source, model or snapshot by its unique id."""
    return dbt_asset_key(get_node(manifest, unique_id))


class MisplacedNodeError(ValueError):
    """A source, model or snapshot lies in a schema that no domain has; the message names it, and the fix."""


def dbt_place(node: Mapping[str, Any]) -> Place:
    """Whose layer a source, model or snapshot is in, by its schema.

    Raises:
        MisplacedNodeError: when no domain has that schema.
    """
    place = place_of(Engine.SNOWFLAKE, node["schema"])
    if place is None:
        known = ", ".join(place.schema for place in places_on(Engine.SNOWFLAKE))
        raise MisplacedNodeError(
            f"{node['unique_id']} ({node['original_file_path']}) lies in schema {node['schema']}, which no domain has: "
            f"those of the domains in Snowflake are {known}"
        )
    return place


def dbt_layer(node: Mapping[str, Any]) -> Layer:
    """The layer of a source, model or snapshot.

    Raises:
        MisplacedNodeError: when no domain has its schema.
    """
    return dbt_place(node).layer
