from databricks_delta.lakehouse.lakehouse import Reader
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.sql_names import quoted_name
from databricks_delta.lakehouse.statement import Statement


def rows_of_table(reader: Reader, full_name: str, periods: PeriodRange) -> dict[str, int]:
    """How many rows a table holds, by period; those without a period under `unreadable`."""
    selected = f"SELECT {periods.column} FROM {quoted_name(full_name)} WHERE {periods.rows(unreadable=True)}"  # noqa: S608
    return rows_of_statement(reader, Statement(selected, f"rows of {full_name}", {}), periods)


def rows_of_statement(reader: Reader, statement: Statement, periods: PeriodRange) -> dict[str, int]:
    """How many rows a SELECT gives, by period.

    Args:
        reader: where it runs.
        statement: gives the column of the period among its columns.
        periods: the periods that it looks at.
    """
    counted = f"SELECT {periods.column}, count(*) AS n FROM (\n{statement.sql}\n) AS counted GROUP BY {periods.column}"  # noqa: S608
    rows = reader.query(Statement(counted, statement.origin, statement.parameters), periods)
    return {str(row[periods.column]): int(str(row["n"])) for row in rows}
