"""The statements of a clone in Databricks; the route names what they write, and leads to pull requests alone."""

from platform_contract.clone_route import CloneRoute
from platform_contract.databricks_names import DatabricksNames
from platform_contract.deployment import Deployment

from databricks_delta.lakehouse.table import LakehouseTable


def source_name(route: CloneRoute, table: LakehouseTable) -> str:
    """The table that is copied, in three parts."""
    return _full_name(route.source, table)


def target_name(route: CloneRoute, table: LakehouseTable) -> str:
    """The copy, in three parts."""
    return _full_name(route.target, table)


def clone_table(route: CloneRoute, table: LakehouseTable) -> tuple[str, str]:
    """Replace the copy by the table as it is now: its metadata over the same files, managed like itself.

    Unity Catalog replaces no shallow clone, so the copy is dropped and made anew: it is whole or it is not there.
    Either statement may run twice, as it does when its answer is lost.
    """
    target = target_name(route, table)
    return (
        f"DROP TABLE IF EXISTS {target}",
        f"CREATE TABLE IF NOT EXISTS {target} SHALLOW CLONE {source_name(route, table)}",
    )


def show_source(route: CloneRoute, table: LakehouseTable) -> str:
    """One row if the source has such a table."""
    schema = DatabricksNames(route.source).schema(table.schema)
    return f"SHOW TABLES IN {schema} LIKE '{table.name}'"


def newest_version(route: CloneRoute, table: LakehouseTable) -> str:
    """The copy's newest entry of history: the clone itself, which names the version that it is a copy of."""
    return f"DESCRIBE HISTORY {target_name(route, table)} LIMIT 1"


def rows_by_period(full_name: str, table: LakehouseTable) -> str:
    """How many rows a table holds, by `period`; of one without periods all under an empty one."""
    period = "''" if table.granularity is None else table.period
    return f"SELECT {period} AS period, count(*) AS n FROM {full_name} GROUP BY {period}"  # noqa: S608


def _full_name(deployment: Deployment, table: LakehouseTable) -> str:
    return DatabricksNames(deployment).table(table.schema, table.name)
