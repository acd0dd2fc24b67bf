from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from platform_infra.cost.prices import Prices
from platform_infra.databricks.compute_settings import ClusterSize
from platform_infra.snowflake.edition import Edition
from platform_infra.snowflake.warehouse_settings import Frequency, WarehouseSize

type Description = Mapping[str, Any]
"""A deployment as plain data: the stack output `platform`, or what `describe` makes of a plan."""

_SNOWFLAKE_UNCAPPED = (
    "storage, with time travel and fail-safe",
    "serverless features: pipes, serverless tasks, search optimization, materialized views",
    "automatic clustering of tables with a cluster key",
    "cloud services above a tenth of a day's compute",
    "data transfer out of the region",
)
_DATABRICKS_UNCAPPED = ("data transfer out of the region",)


@dataclass(frozen=True, slots=True)
class CostItem:
    """What one thing can cost in a month at most: units (credits or DBUs), dollars, and how that is reckoned."""

    name: str
    units: float
    unit: str
    usd: float
    basis: str


@dataclass(frozen=True, slots=True)
class CostBound:
    """The items of one cloud that something caps, what nothing does, and what tells of that, if anything."""

    cloud: str
    items: tuple[CostItem, ...]
    uncapped: tuple[str, ...]
    told_by: str

    @property
    def usd(self) -> float:
        """All that is capped, dollars a month."""
        return sum(item.usd for item in self.items)


def snowflake_bound(described: Description, prices: Prices) -> CostBound:
    """The worst month of a deployment in Snowflake: each warehouse always on, until its monitor stops it."""
    usd = prices.snowflake.usd_per_credit[Edition(described["edition"])] * prices.region_factor(described["region"])
    items = tuple(_warehouse(one, usd, prices) for one in described["warehouses"])
    return CostBound("Snowflake", items, _SNOWFLAKE_UNCAPPED, _account_budget(described.get("account_budget_credits")))


def _account_budget(limit: int | None) -> str:
    """Monitors know warehouses alone; a budget knows what runs without one too, tells of it and stops nothing."""
    if limit is None:
        return "monitors know warehouses alone, and no account_budget is declared that would tell of the rest"
    return (
        f"monitors know warehouses alone; the account's budget tells when all compute of the account together, that of "
        f"serverless features, clustering and cloud services too, is projected above {limit:,} credits a month"
    )


def _warehouse(one: Description, usd_per_credit: float, prices: Prices) -> CostItem:
    per_hour = prices.snowflake.credits_per_hour[WarehouseSize(one["size"])]
    always_on = per_hour * one["max_clusters"] * prices.hours_per_month
    stopped_at = one["credit_quota"] * one["suspend_immediately_percent"] / 100
    quota = stopped_at * prices.snowflake.quotas_per_month[Frequency(one["frequency"])]
    units = min(always_on, quota)
    if quota <= always_on:
        percent = one["suspend_immediately_percent"]
        basis = f"monitor: {one['credit_quota']} credits {one['frequency'].lower()}, stops at {percent} %"
    else:
        basis = f"always on: {per_hour:g} credits/h x {one['max_clusters']} x {prices.hours_per_month:g} h"
    return CostItem(f"warehouse {one['name']}", units, "credits", units * usd_per_credit, basis)


def databricks_bound(described: Description, prices: Prices) -> CostBound:
    """The worst month of a deployment in Databricks: all clusters that its limits allow, always on."""
    factor = prices.region_factor(described["region"])
    users = sorted(r["grantee"] for r in described["compute_rights"] if r["compute"] == "cluster_policy")
    items = (
        *(_sql_warehouse(one, factor, prices) for one in described["sql_warehouses"]),
        *(_job_clusters(one, users, factor, prices) for one in described["cluster_policies"]),
    )
    return CostBound("Databricks", items, (*described["uncapped"], *_machines(described), *_DATABRICKS_UNCAPPED), "")


def _sql_warehouse(one: Description, factor: float, prices: Prices) -> CostItem:
    rates = prices.databricks
    per_hour = rates.sql_dbus_per_hour[ClusterSize(one["size"])]
    usd = rates.usd_per_dbu.sql_serverless if one["serverless"] else rates.usd_per_dbu.sql_pro
    units = per_hour * one["max_clusters"] * prices.hours_per_month
    basis = f"always on: {per_hour:g} DBU/h x {one['max_clusters']} x {prices.hours_per_month:g} h"
    return CostItem(f"SQL warehouse {one['name']}", units, "DBU", units * usd * factor, basis)


def _job_clusters(one: Description, users: Iterable[str], factor: float, prices: Prices) -> CostItem:
    """Each user of the policy may have so many clusters; a group counts as the one principal that is in it."""
    who = list(users)
    clusters = one["max_clusters_per_user"] * len(who)
    units = one["max_dbus_per_hour"] * clusters * prices.hours_per_month
    basis = (
        f"always on: {one['max_dbus_per_hour']} DBU/h x {one['max_clusters_per_user']} for each of {', '.join(who)} "
        f"x {prices.hours_per_month:g} h"
    )
    return CostItem(
        f"job clusters {one['name']}", units, "DBU", units * prices.databricks.usd_per_dbu.jobs * factor, basis
    )


def _machines(described: Description) -> list[str]:
    classic = [one["name"] for one in described["sql_warehouses"] if not one["serverless"]]
    return [f"the machines of {name}, which the cloud bills" for name in (*classic, "job clusters")]
