"""The most that a rehearsal on an account can cost: what it computes on, always on until it is stopped."""

from dataclasses import replace
from pathlib import Path

from platform_cli.cost.bounds import prices
from platform_contract.snowflake_names import SnowflakeNames, Warehouse
from platform_infra.cost.bound import CostItem, databricks_bound, snowflake_bound
from platform_infra.cost.planned import planned_databricks, planned_snowflake

from tests.deployments import DEV


def bill(checkout: Path, hours: float) -> list[CostItem]:
    """The items of the bound: pull requests compute on dev's warehouse for them, and on dev's SQL warehouse.

    Args:
        checkout: whose stack files and prices count.
        hours: after which the rehearsal is stopped.
    """
    assumed = replace(prices(checkout), hours_per_month=hours)
    infra = checkout / "infra"
    snowflake = dict(planned_snowflake(infra, DEV))
    mine = SnowflakeNames(DEV).warehouse(Warehouse.CI)
    snowflake["warehouses"] = [one for one in snowflake["warehouses"] if one["name"] == mine]
    databricks = {**planned_databricks(infra, DEV), "cluster_policies": []}
    return [*snowflake_bound(snowflake, assumed).items, *databricks_bound(databricks, assumed).items]
