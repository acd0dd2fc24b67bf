from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg
from platform_contract.domain import Domain, Place
from platform_contract.layer import Layer

from snowflake_medallion.asset_keys import dbt_asset_key, dbt_place, raw_asset_key
from snowflake_medallion.raw_table import RawTable

# What is computed anew whenever it is read holds no data of its own.
_HOLD_ROWS = frozenset({"table", "incremental", "snapshot"})
_VIEW = "view"
_BUILT = ("model", "snapshot")


@dataclass(frozen=True, slots=True)
class ClonedTable:
    """A table that holds rows: the asset that it is, where it is, and its name there, in lower case."""

    key: dg.AssetKey
    place: Place
    name: str

    @property
    def layer(self) -> Layer:
        """Its layer."""
        return self.place.layer


def cloned_tables(domain: Domain, raw_tables: Iterable[RawTable], manifest: Mapping[str, Any]) -> list[ClonedTable]:
    """Every table of a domain that holds rows: the raw ones, then those that dbt builds, layer by layer.

    Args:
        domain: whose.
        raw_tables: what is loaded of it.
        manifest: the dbt project's.
    """
    raw = [ClonedTable(raw_asset_key(domain, table.name), Place(domain, Layer.RAW), table.name) for table in raw_tables]
    built = [
        ClonedTable(dbt_asset_key(node), dbt_place(node), node["alias"].lower())
        for node in _built(domain, manifest)
        if node["config"].get("materialized") in _HOLD_ROWS
    ]
    order = list(Layer)
    return [*raw, *sorted(built, key=lambda table: (order.index(table.layer), table.name))]


def views(domain: Domain, manifest: Mapping[str, Any]) -> list[str]:
    """The models of a domain that are views, which are never cloned: their text names the deployment it was made in."""
    return [node["name"] for node in _built(domain, manifest) if node["config"].get("materialized") == _VIEW]


def _built(domain: Domain, manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] in _BUILT]
    return [node for node in nodes if dbt_place(node).domain == domain]
