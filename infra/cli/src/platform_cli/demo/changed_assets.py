from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import dagster as dg
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from platform_cli.demo.code_location import LoadedLocation
from platform_cli.demo.code_versions import changed_tables


def changed_assets(location: LoadedLocation, published: Mapping[str, str]) -> AbstractSet[dg.AssetKey]:
    """The assets of a location that are not as published, and all that depends on them."""
    return with_dependants(location.asset_graph, changed_tables(location.code_versions, published))


def with_dependants(graph: AssetGraph, tables: list[str]) -> AbstractSet[dg.AssetKey]:
    """The assets of those keys, and all that depends on them."""
    keys = [dg.AssetKey.from_user_string(table) for table in tables]
    return dg.AssetSelection.assets(*keys).downstream().resolve(graph) if keys else set()
