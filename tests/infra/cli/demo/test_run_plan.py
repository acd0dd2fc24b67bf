import dagster as dg
import pytest
from platform_cli.demo.run_plan import RunPlan, plan_runs
from platform_contract.errors import ContractError

MONTHS = dg.MonthlyPartitionsDefinition(start_date="2013-01", end_date="2014-01", fmt="%Y-%m")
STORES = dg.StaticPartitionsDefinition(["north", "south"])
SINGLE_RUN = dg.BackfillPolicy.single_run()


def asset(
    name: str,
    deps: list[str],
    partitions: dg.PartitionsDefinition | None = None,
    policy: dg.BackfillPolicy | None = SINGLE_RUN,
) -> dg.AssetsDefinition:
    @dg.asset(
        name=name,
        deps=[dg.AssetDep(dep, partition_mapping=dg.AllPartitionMapping()) for dep in deps],
        partitions_def=partitions,
        backfill_policy=policy,
    )
    def made() -> None: ...

    return made


def plans(*assets: dg.AssetsDefinition | dg.AssetSpec) -> list[RunPlan]:
    graph = dg.Definitions(assets=assets).resolve_asset_graph()
    with dg.DagsterInstance.ephemeral() as instance:
        return plan_runs(graph, graph.materializable_asset_keys, instance)


def keys(*names: str) -> frozenset[dg.AssetKey]:
    return frozenset(dg.AssetKey(name) for name in names)


def range_tags(start: str, end: str) -> dict[str, str]:
    return {"dagster/asset_partition_range_start": start, "dagster/asset_partition_range_end": end}


def test_assets_without_partitions_share_a_run() -> None:
    assert plans(asset("a", []), asset("b", ["a"], policy=None)) == [RunPlan(keys("a", "b"), {})]


def test_one_partitioning_shares_a_run_with_assets_that_have_none() -> None:
    bronze, silver, report = asset("bronze", []), asset("silver", ["bronze"], MONTHS), asset("report", ["silver"])
    assert plans(bronze, silver, report) == [
        RunPlan(keys("bronze", "silver", "report"), range_tags("2013-01", "2013-12"))
    ]


def test_two_partitionings_take_two_runs_upstream_first() -> None:
    planned = plans(
        asset("raw", []), asset("by_month", ["raw"], MONTHS), asset("by_store", ["by_month"], STORES), asset("top", [])
    )
    assert [plan.tags for plan in planned] == [range_tags("2013-01", "2013-12"), range_tags("north", "south")]
    assert keys("raw", "by_month") <= planned[0].asset_keys
    assert keys("by_store") <= planned[1].asset_keys
    assert sorted(key for plan in planned for key in plan.asset_keys) == sorted(
        keys("raw", "by_month", "by_store", "top")
    )


def test_what_is_made_elsewhere_is_not_run() -> None:
    assert plans(dg.AssetSpec("elsewhere"), asset("here", ["elsewhere"])) == [RunPlan(keys("here"), {})]


def test_no_asset_is_no_run() -> None:
    assert plans() == []


@pytest.mark.parametrize("policy", [None, dg.BackfillPolicy.multi_run()])
def test_a_partitioned_asset_must_allow_a_single_run(policy: dg.BackfillPolicy | None) -> None:
    with pytest.raises(ContractError, match=r"^silver is partitioned .*single_run\(\)$"):
        plans(asset("bronze", []), asset("silver", ["bronze"], MONTHS, policy))


def test_a_partitioning_without_partitions_is_refused() -> None:
    with pytest.raises(ContractError, match="silver has no partition yet"):
        plans(asset("silver", [], dg.DynamicPartitionsDefinition(name="stations")))
