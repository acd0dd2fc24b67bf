from platform_runtime.marks.mask import masked_row

from databricks_delta.assets.markdown import markdown_table
from databricks_delta.lakehouse.lakehouse import Reader, Row
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable

_ROWS = 5


def previews(reader: Reader, table: LakehouseTable, periods: PeriodRange) -> dict[str, str]:
    """The first rows of each period that has any, in the table's order, as Markdown; marked values are masked."""
    order = quoted(table.clustering or table.column_names)
    first_rows = Statement(
        f"SELECT {quoted(table.column_names)} FROM {table.sql_name} WHERE {periods.rows(unreadable=True)} "  # noqa: S608
        f"QUALIFY row_number() OVER (PARTITION BY {periods.column} ORDER BY {order}) <= {_ROWS} "
        f"ORDER BY {periods.column}, {order}",
        f"preview of {table.full_name}",
        {},
    )
    by_period: dict[str, list[Row]] = {}
    for row in reader.query(first_rows, periods):
        by_period.setdefault(str(row[periods.column]), []).append(dict(masked_row(row, table.marks)))
    return {period: markdown_table(rows) for period, rows in by_period.items()}
