from collections.abc import Mapping

from sqlglot import exp

from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.months import MONTH_COLUMN, MonthRange
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.lakehouse.statement import DIALECT
from databricks_delta.lakehouse.table import Column, LakehouseTable


def create_table(table: LakehouseTable) -> str:
    """Make the table as it is declared, unless it is there."""
    columns = ", ".join(_column(column) for column in table.columns)
    return (
        f"CREATE TABLE IF NOT EXISTS {table.full_name} ({columns}) USING DELTA PARTITIONED BY ({MONTH_COLUMN}) "
        f"COMMENT {_text(table.description)} TBLPROPERTIES ({_properties(table.properties)})"
    )


def replace_months(target: MonthTable, months: MonthRange) -> str:
    """Replace months by what the target's SELECT gives, which stands inside as it stands in its file."""
    columns = quoted(target.table.column_names)
    return (
        f"INSERT INTO {target.table.full_name} REPLACE WHERE {target.replaced_rows(months)}\n"
        f"SELECT {columns} FROM (\n{target.statement.sql}\n)"
    )


def show_table(table: LakehouseTable) -> str:
    """One row if there is such a table."""
    return f"SHOW TABLES IN {table.layer.value} LIKE {_text(table.name)}"


def maintain(table: LakehouseTable) -> tuple[str, ...]:
    """Cluster the table's files, then delete those that retention has passed."""
    clustering = f" ZORDER BY ({quoted(table.clustering)})" if table.clustering else ""
    return (
        f"OPTIMIZE {table.full_name}{clustering}",
        f"VACUUM {table.full_name} RETAIN {24 * table.retention_days} HOURS",
    )


def _column(column: Column) -> str:
    nullable = "" if column.nullable else " NOT NULL"
    return f"`{column.name}` {column.type.value.upper()}{nullable} COMMENT {_text(column.description)}"


def _properties(properties: Mapping[str, str]) -> str:
    return ", ".join(f"{_text(name)} = {_text(value)}" for name, value in properties.items())


def _text(value: str) -> str:
    return exp.Literal.string(value).sql(dialect=DIALECT)
