from platform_runtime.marks.mask import masked_row

from databricks_delta.assets.markdown import markdown_table
from databricks_delta.lakehouse.lakehouse import Reader, Row
from databricks_delta.lakehouse.months import MONTH_COLUMN, MonthRange
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable

_ROWS = 5


def previews(reader: Reader, table: LakehouseTable, months: MonthRange) -> dict[str, str]:
    """The first rows of each month that has any, in the table's order, as Markdown; marked values are masked."""
    order = quoted(table.clustering or table.column_names)
    first_rows = Statement(
        f"SELECT {quoted(table.column_names)} FROM {table.full_name} WHERE {months.rows(unreadable=True)} "  # noqa: S608
        f"QUALIFY row_number() OVER (PARTITION BY {MONTH_COLUMN} ORDER BY {order}) <= {_ROWS} "
        f"ORDER BY {MONTH_COLUMN}, {order}",
        f"preview of {table.full_name}",
        {},
    )
    by_month: dict[str, list[Row]] = {}
    for row in reader.query(first_rows, months):
        by_month.setdefault(str(row[MONTH_COLUMN]), []).append(dict(masked_row(row, table.marks)))
    return {month: markdown_table(rows) for month, rows in by_month.items()}
