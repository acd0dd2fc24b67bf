from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from click.testing import Result

SHOP = """
import os

import dagster as dg
from platform_contract.clone_route import clone_route
from platform_contract.resolution import resolve_deployment
from platform_runtime.clone_job import clone_job
from platform_runtime.table_copy import TableCopy, TableToClone


@dg.asset(key=["shop", "orders"], group_name="gold")
def orders() -> None: ...


@dg.asset(key=["shop", "planned"], group_name="gold")
def planned() -> None: ...


def copy(run_id: str) -> TableCopy | None:
    return TableCopy("local: shop.orders", "1", 1234, None, {})


tables = [
    TableToClone(dg.AssetKey(["shop", "orders"]), None, copy),
    TableToClone(dg.AssetKey(["shop", "planned"]), None, lambda run_id: None),
]
job = clone_job("shop", clone_route(resolve_deployment(os.environ), demo_mode=True), tables, None)
defs = dg.Definitions(assets=[orders, planned], jobs=[job])
"""


@pytest.mark.parametrize("deployment", ["local", "dev", "prod"])
def test_nothing_but_a_pull_request_is_filled(
    small_checkout: Path, platform: Callable[..., Result], deployment: str
) -> None:
    refused = platform("clone", "--deployment", deployment)
    assert refused.exit_code == 2
    assert f"{deployment} is none: name pr-<number>" in refused.output
    assert not (small_checkout / ".local").exists()


def test_without_data_there_is_nothing_to_clone(small_checkout: Path, platform: Callable[..., Result]) -> None:
    refused = platform("clone", "--deployment", "pr-7")
    assert refused.exit_code == 2
    assert "run `make demo` first" in refused.output
    assert not (small_checkout / ".local").exists()


@pytest.mark.slow
def test_the_clone_jobs_of_all_locations_run_in_the_pull_requests_own_instance(
    small_checkout: Path, platform: Callable[..., Result]
) -> None:
    (small_checkout / "shop.py").write_text(SHOP, encoding="utf-8")
    (small_checkout / ".local" / "local").mkdir(parents=True)
    done = platform("clone", "--deployment", "pr-7")
    assert done.exit_code == 0, done.output
    assert "Cloned from local into pr-7" in done.output
    assert "1,234" in done.output
    assert "shop/planned: local has no such table yet" in done.output
    with dg.DagsterInstance.from_config(str(small_checkout / ".local" / "pr-7" / "dagster")) as instance:
        assert [(run.job_name, run.status) for run in instance.get_runs()] == [
            ("shop_clone", dg.DagsterRunStatus.SUCCESS)
        ]
        (orders,) = instance.fetch_materializations(dg.AssetKey(["shop", "orders"]), limit=5).records
        assert orders.asset_materialization is not None
        assert orders.asset_materialization.metadata["cloned_from"].value == "local: shop.orders"
    assert list((small_checkout / ".local" / "local").iterdir()) == []
