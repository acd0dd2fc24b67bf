import dagster as dg
import pytest
from platform_contract.clone_route import CloneRoute
from platform_contract.deployment import pull_request
from platform_runtime.clone_job import CLONE_TAG, clone_job
from platform_runtime.table_copy import StepAfterwards, TableCopy, TableToClone

from tests.deployments import PROD

ROUTE = CloneRoute(PROD, pull_request(7))


def table(name: str, copy: TableCopy | Exception | None, asked: list[str]) -> TableToClone:
    def clone(run_id: str) -> TableCopy | None:
        asked.append(f"{name} {run_id}")
        if isinstance(copy, Exception):
            raise copy
        return copy

    return TableToClone(dg.AssetKey(["shop", name]), None, clone)


def whole(rows: int) -> TableCopy:
    return TableCopy("RAW.SHOP.ORDERS", "4", rows, None, {"months": 2})


def test_each_table_is_reported_as_materialised_with_where_it_comes_from() -> None:
    asked: list[str] = []
    by_month = TableCopy("platform.gold.daily", "9", 30, {"2024-05": 10, "2024-06": 20}, {})
    job = clone_job("shop", ROUTE, [table("orders", whole(5), asked), table("daily", by_month, asked)], None)
    assert (job.name, job.tags) == ("shop_clone", {CLONE_TAG: "prod"})
    result = job.execute_in_process()
    assert asked == [f"orders {result.run_id}", f"daily {result.run_id}"]
    found = [event.materialization for event in result.get_asset_materialization_events()]
    assert [(one.asset_key.path[-1], one.partition, one.metadata["dagster/row_count"].value) for one in found] == [
        ("orders", None, 5),
        ("daily", "2024-05", 10),
        ("daily", "2024-06", 20),
    ]
    said = {name: value.value for name, value in found[0].metadata.items()}
    assert isinstance(said.pop("seconds"), float)
    assert said == {
        "cloned_from": "RAW.SHOP.ORDERS",
        "source_version": "4",
        "dagster/row_count": 5,
        "rows_of_table": 5,
        "months": 2,
    }


def test_a_table_that_fails_holds_up_no_other_and_only_it_is_left_to_do(instance: dg.DagsterInstance) -> None:
    asked: list[str] = []
    done: list[str] = []
    afterwards = StepAfterwards("rebuild_views", None, lambda: done.append("views"))
    tables = [table("orders", OSError("no room"), asked), table("daily", whole(2), asked)]
    failed = clone_job("shop", ROUTE, tables, afterwards).execute_in_process(instance=instance, raise_on_error=False)
    assert not failed.success
    assert [event.asset_key for event in failed.get_asset_materialization_events()] == [dg.AssetKey(["shop", "daily"])]
    assert done == []
    again = [table("orders", whole(1), asked), table("daily", whole(2), asked)]
    assert clone_job("shop", ROUTE, again, afterwards).execute_in_process(instance=instance).success
    assert done == ["views"]


@pytest.fixture
def instance() -> dg.DagsterInstance:
    return dg.DagsterInstance.ephemeral()
