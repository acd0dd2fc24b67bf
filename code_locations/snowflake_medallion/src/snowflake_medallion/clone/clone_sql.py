"""The statements of a clone in Snowflake; the route names what they write, and leads to pull requests alone."""

from platform_contract.clone_route import CloneRoute
from platform_contract.deployment import Deployment
from platform_contract.snowflake_names import SnowflakeNames

from snowflake_medallion.clone.cloned_table import ClonedTable


def source_name(route: CloneRoute, table: ClonedTable) -> str:
    """The table that is copied, in three parts."""
    return _full_name(route.source, table)


def target_name(route: CloneRoute, table: ClonedTable) -> str:
    """The copy, in three parts."""
    return _full_name(route.target, table)


def clone_table(route: CloneRoute, table: ClonedTable) -> str:
    """Replace the copy by the table as it is now.

    Transient, whatever the source is: a pull request's data needs no history. Without COPY GRANTS, so that the future
    grants of the pull request's own schema hold, and nobody reads the copy because he reads production.
    """
    return f"create or replace transient table {target_name(route, table)} clone {source_name(route, table)}"


def show_source(route: CloneRoute, table: ClonedTable) -> str:
    """When the source's table was last changed; no row where there is no such table, or only a view."""
    names = SnowflakeNames(route.source)
    return (
        f"select last_altered from {names.database(table.layer)}.information_schema.tables"  # noqa: S608
        f" where table_schema = '{names.schema(table.place.domain, table.layer)}'"
        f" and table_name = '{table.name.upper()}' and table_type = 'BASE TABLE'"
    )


def count_rows(route: CloneRoute, table: ClonedTable) -> str:
    """How many rows the copy holds, which Snowflake knows without reading one."""
    return f"select count(*) from {target_name(route, table)}"  # noqa: S608


def _full_name(deployment: Deployment, table: ClonedTable) -> str:
    names = SnowflakeNames(deployment)
    return f"{names.database(table.layer)}.{names.schema(table.place.domain, table.layer)}.{table.name.upper()}"
