from databricks_delta.lakehouse.lakehouse import Reader
from databricks_delta.lakehouse.months import MONTH_COLUMN, MonthRange
from databricks_delta.lakehouse.statement import Statement


def rows_of_table(reader: Reader, full_name: str, months: MonthRange) -> dict[str, int]:
    """How many rows a table holds, by month; those without a month under `unreadable`."""
    selected = f"SELECT {MONTH_COLUMN} FROM {full_name} WHERE {months.rows(unreadable=True)}"  # noqa: S608
    return rows_of_statement(reader, Statement(selected, f"rows of {full_name}", {}), months)


def rows_of_statement(reader: Reader, statement: Statement, months: MonthRange) -> dict[str, int]:
    """How many rows a SELECT gives, by month.

    Args:
        reader: where it runs.
        statement: gives `_month` among its columns.
        months: the months that it looks at.
    """
    counted = f"SELECT {MONTH_COLUMN}, count(*) AS n FROM (\n{statement.sql}\n) AS counted GROUP BY {MONTH_COLUMN}"  # noqa: S608
    rows = reader.query(Statement(counted, statement.origin, statement.parameters), months)
    return {str(row[MONTH_COLUMN]): int(str(row["n"])) for row in rows}
