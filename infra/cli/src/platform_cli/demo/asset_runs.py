from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import dagster as dg

from platform_cli.demo.code_location import LoadedLocation
from platform_cli.demo.materialisation import create_run
from platform_cli.demo.run_plan import plan_runs


def asset_runs(
    location: LoadedLocation, chosen: AbstractSet[dg.AssetKey], instance: dg.DagsterInstance
) -> Iterator[dg.DagsterRun]:
    """The runs that materialise some assets of a location, upstream first, each put into the instance when it is due.

    Raises:
        ContractError: when a partitioned asset cannot have all of its partitions in one run, or has none yet.
    """
    for plan in plan_runs(location.asset_graph, chosen, instance):
        yield create_run(location, plan, instance)
