from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from platform_contract.clone_route import clone_route
from platform_contract.deployment import Trait
from platform_contract.domain import Domain
from platform_contract.layer import Layer
from platform_runtime.build_job import build_job
from platform_runtime.clone_job import clone_job
from platform_runtime.platform_context import PlatformContext
from platform_runtime.pools import Pool
from platform_runtime.table_copy import StepAfterwards, TableToClone

from snowflake_medallion.clone.cloned_table import ClonedTable, cloned_tables, views
from snowflake_medallion.clone.duckdb_clone import DuckDBClone
from snowflake_medallion.clone.snowflake_clone import SnowflakeClone
from snowflake_medallion.clone.table_clone import TableClone
from snowflake_medallion.dbt_command import DbtCommand
from snowflake_medallion.duckdb_access import PATIENCE_SECONDS
from snowflake_medallion.raw_table import RawTable


def pull_request_jobs(
    platform: PlatformContext,
    domain: Domain,
    raw_tables: Sequence[RawTable],
    *,
    manifest: Mapping[str, Any],
    dbt: DbtCommand,
    models: dg.AssetsDefinition,
) -> list[dg.JobDefinition | UnresolvedAssetJobDefinition]:
    """The jobs that fill a pull request's tables, by copies and by what it changes; no other deployment has them.

    Args:
        platform: which deployment this is, on which engine.
        domain: whose tables.
        raw_tables: what is loaded of it.
        manifest: the dbt project's.
        dbt: runs dbt.
        models: what dbt builds of the domain.
    """
    if not platform.deployment.has(Trait.PULL_REQUEST):
        return []
    clone = _clone(platform)
    tables = [_to_clone(clone, table) for table in cloned_tables(domain, raw_tables, manifest)]
    found = views(domain, manifest)
    copy = clone_job(domain.name, clone.route, tables, _rebuild_views(domain, found, dbt) if found else None)
    built = dg.AssetSelection.assets(models) | dg.AssetSelection.checks(*models.check_keys)
    return [copy, build_job(domain.name, built)]


def _clone(platform: PlatformContext) -> TableClone:
    route = clone_route(platform.deployment, platform.demo_mode)
    if platform.demo_mode:
        return DuckDBClone(route, platform.local_paths.root, PATIENCE_SECONDS)
    return SnowflakeClone(route)


def _to_clone(clone: TableClone, table: ClonedTable) -> TableToClone:
    pool = Pool.RAW_DUCKDB if table.layer is Layer.RAW else Pool.ANALYTICS_DUCKDB
    return TableToClone(table.key, pool.value, lambda run_id: clone.clone(table, run_id))


def _rebuild_views(domain: Domain, names: Sequence[str], dbt: DbtCommand) -> StepAfterwards:
    """A view names the tables of the deployment that it was made in, so it is made here instead of copied."""

    def rebuild() -> None:
        dbt.cli(["run", "--select", *names]).wait()

    return StepAfterwards(f"rebuild_{domain}_views", Pool.ANALYTICS_DUCKDB.value, rebuild)
