"""The most that a rehearsal on an account can cost: what it computes on, always on until it is stopped."""

from dataclasses import replace
from pathlib import Path

from platform_cli.cost.bounds import prices
from platform_contract.snowflake_names import SnowflakeNames, Warehouse
from platform_infra.cost.bound import CostItem
from platform_infra.programs.cloud_programs import DATABRICKS, SNOWFLAKE

from tests.deployments import DEV


def bill(checkout: Path, hours: float) -> list[CostItem]:
    """The items of the bound: pull requests compute on dev's warehouse for them, and on dev's SQL warehouse.

    Args:
        checkout: whose stack files and prices count.
        hours: after which the rehearsal is stopped.
    """
    assumed = replace(prices(checkout), hours_per_month=hours)
    infra = checkout / "infra"
    snowflake = dict(SNOWFLAKE.planned(infra, DEV))
    mine = SnowflakeNames(DEV).warehouse(Warehouse.CI)
    snowflake["warehouses"] = [one for one in snowflake["warehouses"] if one["name"] == mine]
    databricks = {**DATABRICKS.planned(infra, DEV), "cluster_policies": []}
    return [*SNOWFLAKE.bound(snowflake, assumed).items, *DATABRICKS.bound(databricks, assumed).items]
