from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

import dagster as dg
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from platform_cli.demo.code_location import LoadedLocation
from platform_cli.demo.code_versions import changed_tables
from platform_cli.demo.materialisation import create_run
from platform_cli.demo.run_plan import plan_runs


def changed_runs(
    location: LoadedLocation, published: Mapping[str, str], instance: dg.DagsterInstance
) -> Iterator[dg.DagsterRun]:
    """The runs that materialise what is not as published, and all that depends on it, over every partition.

    Raises:
        ContractError: when a partitioned asset cannot have all of its partitions in one run, or has none yet.
    """
    changed = changed_tables(location.code_versions, published)
    for plan in plan_runs(location.asset_graph, with_dependants(location.asset_graph, changed), instance):
        yield create_run(location, plan, instance)


def with_dependants(graph: AssetGraph, tables: list[str]) -> AbstractSet[dg.AssetKey]:
    """The assets of those keys, and all that depends on them."""
    keys = [dg.AssetKey.from_user_string(table) for table in tables]
    return dg.AssetSelection.assets(*keys).downstream().resolve(graph) if keys else set()
