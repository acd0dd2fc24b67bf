from pathlib import Path
from typing import Any

import pytest
import yaml
from platform_contract.deployment import Deployment, parse_deployment
from platform_contract.errors import ContractError
from platform_contract.local_paths import checkout
from platform_infra.cost.bound import databricks_bound, snowflake_bound
from platform_infra.cost.change import describe_change
from platform_infra.cost.prices import Prices, read_prices
from platform_infra.programs.cloud_programs import DATABRICKS, SNOWFLAKE

from tests.deployments import DEV, PROD

INFRA = checkout(Path(__file__)) / "infra"


@pytest.fixture(scope="module")
def prices() -> Prices:
    return read_prices(INFRA / "prices.yaml")


def snowflake(**warehouse: object) -> dict[str, Any]:
    one = {
        "name": "BIG",
        "size": "MEDIUM",
        "max_clusters": 3,
        "credit_quota": 100,
        "frequency": "MONTHLY",
        "suspend_immediately_percent": 100,
    }
    return {"edition": "enterprise", "region": "us-east-1", "warehouses": [one | warehouse]}


def databricks(*, serverless: bool) -> dict[str, Any]:
    return {
        "region": "us-east-1",
        "sql_warehouses": [{"name": "sql", "size": "Small", "serverless": serverless, "max_clusters": 2}],
        "cluster_policies": [{"name": "jobs", "max_dbus_per_hour": 10, "max_clusters_per_user": 3}],
        "compute_rights": [
            {"grantee": "pipelines", "compute": "cluster_policy"},
            {"grantee": "ci", "compute": "cluster_policy"},
            {"grantee": "analysts", "compute": "sql_warehouse"},
        ],
        "uncapped": ["storage"],
    }


def test_what_monitors_do_not_know_is_told_by_the_account_s_budget_or_by_nothing(prices: Prices) -> None:
    without = snowflake_bound(snowflake(), prices).told_by
    assert without == "monitors know warehouses alone, and no account_budget is declared that would tell of the rest"
    told = snowflake_bound({**snowflake(), "account_budget_credits": 1_500}, prices).told_by
    assert "serverless features, clustering and cloud services too" in told
    assert "above 1,500 credits a month" in told


@pytest.mark.parametrize(
    ("warehouse", "credits_a_month"),
    [
        # The monitor: 100 credits, against 4 credits x 3 clusters x 730 h = 8,760.
        ({}, 100),
        ({"credit_quota": 10_000}, 8_760),
        ({"suspend_immediately_percent": 90}, 90),
        ({"frequency": "DAILY"}, 3_100),
        ({"frequency": "DAILY", "max_clusters": 1}, 2_920),
        ({"frequency": "WEEKLY"}, 600),
        ({"frequency": "YEARLY"}, 200),
        ({"size": "XSMALL", "max_clusters": 1, "credit_quota": 10_000}, 730),
    ],
)
def test_a_warehouse_costs_no_more_than_its_monitor_or_its_size_allows(
    prices: Prices, warehouse: dict[str, object], credits_a_month: int
) -> None:
    (item,) = snowflake_bound(snowflake(**warehouse), prices).items
    assert item.units == credits_a_month
    assert item.usd == pytest.approx(credits_a_month * 3)


def test_a_region_has_its_factor_and_an_unknown_one_the_highest(prices: Prices) -> None:
    ireland = snowflake_bound(snowflake() | {"region": "eu-west-1"}, prices)
    elsewhere = snowflake_bound(snowflake() | {"region": "ap-northeast-1"}, prices)
    assert ireland.usd == pytest.approx(390)
    assert elsewhere.usd == pytest.approx(465)


def test_databricks_costs_what_its_limits_allow_always_on(prices: Prices) -> None:
    bound = databricks_bound(databricks(serverless=True), prices)
    # 12 DBU x 2 clusters x 730 h; 10 DBU x 3 clusters x 2 users x 730 h.
    assert [item.units for item in bound.items] == [17_520, 43_800]
    assert bound.usd == pytest.approx(17_520 * 0.70 + 43_800 * 0.15)


def test_machines_that_the_cloud_bills_are_uncapped(prices: Prices) -> None:
    classic = databricks_bound(databricks(serverless=False), prices)
    assert classic.items[0].usd == pytest.approx(17_520 * 0.55)
    assert "the machines of sql, which the cloud bills" in classic.uncapped
    serverless = databricks_bound(databricks(serverless=True), prices)
    assert "the machines of sql, which the cloud bills" not in serverless.uncapped


def test_what_nothing_caps_is_named(prices: Prices) -> None:
    uncapped = " ".join(snowflake_bound(snowflake(), prices).uncapped)
    for what in ("storage", "serverless", "automatic clustering"):
        assert what in uncapped


def test_a_pull_request_adds_nothing_to_what_is_capped(prices: Prices) -> None:
    assert snowflake_bound(SNOWFLAKE.planned(INFRA, parse_deployment("pr-7")), prices).usd == 0
    assert databricks_bound(DATABRICKS.planned(INFRA, parse_deployment("pr-7")), prices).usd == 0


@pytest.mark.parametrize("deployment", [DEV, PROD], ids=str)
def test_every_warehouse_of_the_stack_files_is_an_item(prices: Prices, deployment: Deployment) -> None:
    stated = yaml.safe_load((INFRA / "snowflake" / f"Pulumi.{deployment}.yaml").read_text(encoding="utf-8"))
    warehouses = stated["config"]["platform-snowflake:warehouses"]
    bound = snowflake_bound(SNOWFLAKE.planned(INFRA, deployment), prices)
    assert [item.units for item in bound.items] == [one["monitor"]["credit_quota"] for one in warehouses.values()]


def test_a_change_is_told_with_what_moves(prices: Prices) -> None:
    before, after = snowflake_bound(snowflake(), prices), snowflake_bound(snowflake(credit_quota=150), prices)
    assert describe_change(after, before) == (
        "this change RAISES the bound from $300: Snowflake can cost at most $450 a month by what is capped "
        "(warehouse BIG: $300 → $450)"
    )
    assert "lowers the bound from $450" in describe_change(before, after)
    assert describe_change(before, before).endswith("as before")
    assert describe_change(before, None).endswith("nothing is up yet")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"hours_per_month": 0}, "hours_per_month"),
        ({"hours": 730}, "hours"),
        ({"region_factors": {"us-east-1": 1}}, "lacks 'other'"),
    ],
)
def test_prices_that_cannot_be_are_refused(tmp_path: Path, change: dict[str, object], why: str) -> None:
    stated = yaml.safe_load((INFRA / "prices.yaml").read_text(encoding="utf-8"))
    file = tmp_path / "prices.yaml"
    file.write_text(yaml.safe_dump(stated | change), encoding="utf-8")
    with pytest.raises(ContractError, match=why):
        read_prices(file)


def test_without_prices_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"prices\.yaml is missing"):
        read_prices(tmp_path / "prices.yaml")
