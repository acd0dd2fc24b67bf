from collections.abc import Iterator
from pathlib import Path

from databricks_delta.components.declared_blueprints import declared_blueprints
from databricks_delta.components.deployment_lakehouse import databricks_lakehouse
from platform_contract.clone_route import CloneRoute
from platform_contract.domain import Engine
from platform_contract.domains import domains_on
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths

from platform_cli.diff.compare import compare_store
from platform_cli.diff.databricks_gold import DatabricksGold
from platform_cli.diff.declared_tables import LAKEHOUSES, lakehouse_tables, warehouse_tables
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
    for domain in domains_on(Engine.DATABRICKS):
        gold = domain.schema(Layer.GOLD)
        with delta_gold(base.lakehouse / gold, head.lakehouse / gold) as lakehouse:
            yield from compare_store(lakehouse, lakehouse_tables(LAKEHOUSES, domain))
    manifest = dbt_manifest(checkout, head.root)
    for domain in domains_on(Engine.SNOWFLAKE):
        with duckdb_gold(base.analytics_database, head.analytics_database, domain.schema(Layer.GOLD)) as warehouse:
            yield from compare_store(warehouse, warehouse_tables(manifest, domain))


def cloud_diff(checkout: Path, local_root: Path, route: CloneRoute) -> Iterator[TableDiff]:
    """The gold tables of production and of a pull request, in both clouds.

    Raises:
        MissingSettingsError: naming every setting that the environment lacks.
    """
    warehouse = declared_blueprints(LAKEHOUSES)[0].declaration.warehouse
    lakehouse = databricks_lakehouse(route.target, warehouse)
    for domain in domains_on(Engine.DATABRICKS):
        store = DatabricksGold(lakehouse, route, domain.schema(Layer.GOLD))
        yield from compare_store(store, lakehouse_tables(LAKEHOUSES, domain))
    manifest = dbt_manifest(checkout, local_root)
    for domain in domains_on(Engine.SNOWFLAKE):
        with snowflake_gold(route, domain) as store:
            yield from compare_store(store, warehouse_tables(manifest, domain))
