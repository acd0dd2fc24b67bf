from collections.abc import Iterator, Mapping
from typing import Any

from platform_contract.domain import Domain, Place
from platform_contract.layer import Layer

from snowflake_medallion.asset_keys import dbt_place

_PRIMARY_KEY = "primary_key"
_SNAPSHOT_SINCE = "dbt_valid_from"


def gold_keys(manifest: Mapping[str, Any], domain: Domain) -> dict[str, tuple[str, ...]]:
    """The columns that tell the rows of each gold table of a domain apart, by table: its contract's primary key.

    A snapshot holds a row for each version of its unique key. A table that says neither has none.

    Args:
        manifest: the dbt project's.
        domain: whose.
    """
    return {
        node["alias"].lower(): tuple(column.lower() for column in _key(node))
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "snapshot") and dbt_place(node) == Place(domain, Layer.GOLD)
    }


def _key(node: Mapping[str, Any]) -> Iterator[str]:
    if node["resource_type"] == "snapshot":
        unique = node["config"]["unique_key"]
        yield from [unique] if isinstance(unique, str) else unique
        yield _SNAPSHOT_SINCE
        return
    for constraint in node["constraints"]:
        if constraint["type"] == _PRIMARY_KEY:
            yield from constraint["columns"]
    for column in node["columns"].values():
        if any(constraint["type"] == _PRIMARY_KEY for constraint in column["constraints"]):
            yield column["name"]
