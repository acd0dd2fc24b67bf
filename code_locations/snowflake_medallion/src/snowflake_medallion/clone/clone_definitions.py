from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from platform_contract.clone_route import clone_route
from platform_contract.deployment import DeploymentKind
from platform_contract.layer import Layer
from platform_runtime.build_job import build_job
from platform_runtime.clone_job import clone_job
from platform_runtime.platform_context import PlatformContext
from platform_runtime.pools import Pool
from platform_runtime.table_copy import StepAfterwards, TableToClone

from snowflake_medallion.clone.duckdb_clone import DuckDBClone
from snowflake_medallion.clone.shop_clone import ShopClone
from snowflake_medallion.clone.shop_table import ShopTable, has_views, shop_tables
from snowflake_medallion.clone.snowflake_clone import SnowflakeClone
from snowflake_medallion.dbt_command import DbtCommand
from snowflake_medallion.duckdb_access import PATIENCE_SECONDS
from snowflake_medallion.raw_table import SHOP


def pull_request_jobs(
    platform: PlatformContext, manifest: Mapping[str, Any], dbt: DbtCommand, models: dg.AssetsDefinition
) -> list[dg.JobDefinition | UnresolvedAssetJobDefinition]:
    """The jobs that fill a pull request's tables, by copies and by what it changes; no other deployment has them."""
    if platform.deployment.kind is not DeploymentKind.PULL_REQUEST:
        return []
    clone = _clone(platform)
    tables = [_to_clone(clone, table) for table in shop_tables(manifest)]
    copy = clone_job(SHOP, clone.route, tables, _rebuild_views(dbt) if has_views(manifest) else None)
    return [copy, build_job(SHOP, dg.AssetSelection.assets(models) | dg.AssetSelection.checks(*models.check_keys))]


def _clone(platform: PlatformContext) -> ShopClone:
    route = clone_route(platform.deployment, platform.demo_mode)
    if platform.demo_mode:
        return DuckDBClone(route, platform.local_paths.root, PATIENCE_SECONDS)
    return SnowflakeClone(route)


def _to_clone(clone: ShopClone, table: ShopTable) -> TableToClone:
    pool = Pool.RAW_DUCKDB if table.layer is Layer.RAW else Pool.ANALYTICS_DUCKDB
    return TableToClone(table.key, pool.value, lambda run_id: clone.clone(table, run_id))


def _rebuild_views(dbt: DbtCommand) -> StepAfterwards:
    """A view names the tables of the deployment that it was made in, so it is made here instead of copied."""

    def rebuild() -> None:
        dbt.cli(["run", "--select", "config.materialized:view"]).wait()

    return StepAfterwards(f"rebuild_{SHOP}_views", Pool.ANALYTICS_DUCKDB.value, rebuild)
