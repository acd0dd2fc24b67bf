"""Statements on one table, as Databricks SQL writes them."""

from collections.abc import Iterable, Mapping

from sqlglot import exp

from databricks_delta.lakehouse.databricks.declared_properties import declared_properties
from databricks_delta.lakehouse.dimension_table import DimensionTable
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.lakehouse.statement import DIALECT, Statement
from databricks_delta.lakehouse.table import Column, LakehouseTable


def create_table(table: LakehouseTable) -> str:
    """Make the table as it is declared, unless it is there; its constraints are added to it afterwards."""
    columns = ", ".join(_column(column) for column in table.columns)
    return (
        f"CREATE TABLE IF NOT EXISTS {table.full_name} ({columns}) USING DELTA {_layout(table)} "
        f"COMMENT {sql_text(table.description)} TBLPROPERTIES ({_properties(declared_properties(table))})"
    )


def replace_periods(target: PeriodTable, periods: PeriodRange) -> str:
    """Replace periods by what the target's SELECT gives, which stands inside as it stands in its file."""
    columns = quoted(target.table.column_names)
    return (
        f"INSERT INTO {target.table.full_name} REPLACE WHERE {target.replaced_rows(periods)}\n"
        f"SELECT {columns} FROM (\n{target.statement.sql}\n)"
    )


def replace_whole(target: DimensionTable, contents: Statement) -> str:
    """Replace all rows of a dimension; the table itself may be among what is read."""
    columns = quoted(target.table.column_names)
    return f"INSERT OVERWRITE {target.table.full_name}\nSELECT {columns} FROM (\n{contents.sql}\n)"


def show_table(table: LakehouseTable) -> str:
    """One row if there is such a table."""
    return f"SHOW TABLES IN {table.schema} LIKE {sql_text(table.name)}"


def optimize(table: LakehouseTable) -> str:
    """Join small files, rows in the order of clustering; a table of liquid clustering knows its order itself."""
    clustering = f" ZORDER BY ({quoted(table.clustering)})" if table.clustering and not table.clustered_by else ""
    return f"OPTIMIZE {table.full_name}{clustering}"


def vacuum(table: LakehouseTable) -> str:
    """Delete the files that retention has passed."""
    return f"VACUUM {table.full_name} RETAIN {24 * table.retention_days} HOURS"


def comment_on_table(table: LakehouseTable) -> str:
    """Say of the table what its declaration does."""
    return f"COMMENT ON TABLE {table.full_name} IS {sql_text(table.description)}"


def comment_on_column(table: LakehouseTable, column: Column) -> str:
    """Say of a column what its declaration does."""
    return f"ALTER TABLE {table.full_name} ALTER COLUMN `{column.name}` COMMENT {sql_text(column.description)}"


def add_columns(table: LakehouseTable, columns: Iterable[Column]) -> str:
    """Add columns after those that are there."""
    return f"ALTER TABLE {table.full_name} ADD COLUMNS ({', '.join(_column(column) for column in columns)})"


def move_column(table: LakehouseTable, column: str, after: str | None) -> str:
    """Put a column after another, or first of all."""
    place = "FIRST" if after is None else f"AFTER `{after}`"
    return f"ALTER TABLE {table.full_name} ALTER COLUMN `{column}` {place}"


def allow_null(table: LakehouseTable, column: str) -> str:
    """Let a column hold nulls."""
    return f"ALTER TABLE {table.full_name} ALTER COLUMN `{column}` DROP NOT NULL"


def add_constraint(table: LakehouseTable, name: str, condition: str) -> str:
    """Refuse rows, those that are there and those to come, that break a condition."""
    return f"ALTER TABLE {table.full_name} ADD CONSTRAINT `{name}` CHECK ({condition})"


def drop_constraint(table: LakehouseTable, name: str) -> str:
    """Accept rows that broke the condition of that name."""
    return f"ALTER TABLE {table.full_name} DROP CONSTRAINT IF EXISTS `{name}`"


def set_properties(table: LakehouseTable, properties: Mapping[str, str]) -> str:
    """Set table properties, and leave the others as they are."""
    return f"ALTER TABLE {table.full_name} SET TBLPROPERTIES ({_properties(properties)})"


def cluster_by(table: LakehouseTable) -> str:
    """Change the columns of liquid clustering; OPTIMIZE moves the rows."""
    return f"ALTER TABLE {table.full_name} CLUSTER BY ({quoted(table.clustered_by)})"


def sql_text(value: str) -> str:
    """A text as a literal."""
    return exp.Literal.string(value).sql(dialect=DIALECT)


def _layout(table: LakehouseTable) -> str:
    if table.clustered_by:
        return f"CLUSTER BY ({quoted(table.clustered_by)})"
    return f"PARTITIONED BY ({quoted(table.partitioned_by)})" if table.partitioned_by else ""


def _column(column: Column) -> str:
    nullable = "" if column.nullable else " NOT NULL"
    return f"`{column.name}` {column.type.value.upper()}{nullable} COMMENT {sql_text(column.description)}"


def _properties(properties: Mapping[str, str]) -> str:
    return ", ".join(f"{sql_text(name)} = {sql_text(value)}" for name, value in properties.items())
