from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import dagster as dg
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from dagster._core.definitions.backfill_policy import BackfillPolicyType
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG
from platform_contract.errors import ContractError


@dataclass(frozen=True, slots=True)
class RunPlan:
    """One run: which assets, and the tags that say which partitions."""

    asset_keys: frozenset[dg.AssetKey]
    tags: dict[str, str]


def plan_runs(graph: AssetGraph, chosen: AbstractSet[dg.AssetKey], instance: dg.DagsterInstance) -> list[RunPlan]:
    """The runs that materialise every partition of some assets of a code location, upstream first.

    A run holds assets without partitions and those of one partitioning, so that is one run for most locations.

    Args:
        graph: the assets of the location.
        chosen: the assets that are materialised; those of them that can be.
        instance: knows the partitions that are added at run time.

    Raises:
        ContractError: when a partitioned asset cannot have all of its partitions in one run, or has none yet.
    """
    return [RunPlan(frozenset(keys), _range_tags(graph, keys, instance)) for keys in _runnable_together(graph, chosen)]


def _runnable_together(graph: AssetGraph, chosen: AbstractSet[dg.AssetKey]) -> list[list[dg.AssetKey]]:
    groups: list[list[dg.AssetKey]] = []
    for key in graph.toposorted_asset_keys:
        if key not in chosen & graph.materializable_asset_keys:
            continue
        if not groups or len(_partitionings(graph, [*groups[-1], key])) > 1:
            groups.append([])
        groups[-1].append(key)
    return groups


def _partitionings(graph: AssetGraph, keys: Iterable[dg.AssetKey]) -> list[dg.PartitionsDefinition]:
    distinct: list[dg.PartitionsDefinition] = []
    for key in keys:
        partitioning = graph.get(key).partitions_def
        if partitioning is not None and partitioning not in distinct:
            distinct.append(partitioning)
    return distinct


def _range_tags(graph: AssetGraph, keys: list[dg.AssetKey], instance: dg.DagsterInstance) -> dict[str, str]:
    partitionings = _partitionings(graph, keys)
    if not partitionings:
        return {}
    for key in keys:
        _require_single_run(graph, key)
    partitions = partitionings[0].get_partition_keys(dynamic_partitions_store=instance)
    if not partitions:
        raise ContractError(f"{keys[0].to_user_string()} has no partition yet: add one, there is nothing to build")
    return {ASSET_PARTITION_RANGE_START_TAG: partitions[0], ASSET_PARTITION_RANGE_END_TAG: partitions[-1]}


def _require_single_run(graph: AssetGraph, key: dg.AssetKey) -> None:
    asset = graph.get(key)
    policy = asset.backfill_policy
    if asset.partitions_def is not None and (policy is None or policy.policy_type is not BackfillPolicyType.SINGLE_RUN):
        raise ContractError(
            f"{key.to_user_string()} is partitioned and cannot have all partitions in one run: "
            "give it backfill_policy=BackfillPolicy.single_run()"
        )
