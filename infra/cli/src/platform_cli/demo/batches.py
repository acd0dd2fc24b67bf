from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import dagster as dg
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph


@dataclass(frozen=True, slots=True)
class Batch:
    """Assets of a code location that can be materialised once the same tables of others are there.

    Attributes:
        awaits: keys of those tables, which the location reads and does not make.
    """

    awaits: frozenset[dg.AssetKey]
    assets: frozenset[dg.AssetKey]


def batches(graph: AssetGraph, chosen: AbstractSet[dg.AssetKey]) -> list[Batch]:
    """Some assets of a code location by what they wait for, upstream first: a batch needs none after it.

    What an asset reads waits for no more than itself, so whenever a batch is ready, all that it reads is.
    """
    awaited: dict[dg.AssetKey, frozenset[dg.AssetKey]] = {}
    found: dict[frozenset[dg.AssetKey], set[dg.AssetKey]] = {}
    for key in graph.toposorted_asset_keys:
        own = frozenset() if key in graph.materializable_asset_keys else frozenset({key})
        awaited[key] = own.union(*(awaited[parent] for parent in graph.get(key).parent_keys))
        if key in chosen & graph.materializable_asset_keys:
            found.setdefault(awaited[key], set()).add(key)
    return [Batch(awaits, frozenset(assets)) for awaits, assets in found.items()]
