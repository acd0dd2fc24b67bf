from collections.abc import Iterator
from pathlib import Path

from databricks_delta.components.declared_blueprints import declared_blueprints
from databricks_delta.components.deployment_lakehouse import databricks_lakehouse
from platform_contract.clone_route import CloneRoute
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths

from platform_cli.diff.compare import compare_store
from platform_cli.diff.databricks_gold import DatabricksGold
from platform_cli.diff.declared_tables import LAKEHOUSES, lakehouse_tables, shop_tables
from platform_cli.diff.delta_gold import delta_gold
from platform_cli.diff.duckdb_gold import duckdb_gold
from platform_cli.diff.snowflake_gold import snowflake_gold
from platform_cli.diff.table_diff import TableDiff
from platform_cli.permissions.dbt_manifest import dbt_manifest


def local_diff(checkout: Path, base: LocalPaths, head: LocalPaths) -> Iterator[TableDiff]:
    """The gold tables of two deployments on this machine.

    Raises:
        DatabaseBusyError: when another process keeps a DuckDB file open.
    """
    with delta_gold(base.lakehouse / Layer.GOLD.value, head.lakehouse / Layer.GOLD.value) as lakehouse:
        yield from compare_store(lakehouse, lakehouse_tables(LAKEHOUSES))
    with duckdb_gold(base.analytics_database, head.analytics_database) as shop:
        yield from compare_store(shop, shop_tables(dbt_manifest(checkout, head.root)))


def cloud_diff(checkout: Path, local_root: Path, route: CloneRoute) -> Iterator[TableDiff]:
    """The gold tables of production and of a pull request, in both clouds.

    Raises:
        MissingSettingsError: naming every setting that the environment lacks.
    """
    warehouse = declared_blueprints(LAKEHOUSES)[0].declaration.warehouse
    lakehouse = databricks_lakehouse(route.target, warehouse)
    yield from compare_store(DatabricksGold(lakehouse, route), lakehouse_tables(LAKEHOUSES))
    with snowflake_gold(route) as shop:
        yield from compare_store(shop, shop_tables(dbt_manifest(checkout, local_root)))
