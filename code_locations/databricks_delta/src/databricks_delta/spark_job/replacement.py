from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from databricks_delta.lakehouse import databricks_sql
from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.months import MonthRange
from databricks_delta.lakehouse.statement import ParameterValue


@dataclass(frozen=True, slots=True)
class Replacement:
    """Months of a table to be replaced, as a job is told of them.

    Attributes:
        catalog: holds the table and those that it reads.
        table: its full name.
        months: the months, in words.
        statement: what a SQL warehouse would be sent as well.
        parameters: the value of each `:name` in it.
        count: a query for how many rows the months hold.
    """

    catalog: str
    table: str
    months: str
    statement: str
    parameters: Mapping[str, ParameterValue]
    count: str

    @property
    def extras(self) -> dict[str, Any]:
        """What Dagster Pipes carries to the script."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.table}, {self.months}"


def replacement(catalog: str, target: MonthTable, months: MonthRange) -> Replacement:
    """The replacement of months of a table that exists."""
    table = target.table.full_name
    return Replacement(
        catalog=catalog,
        table=table,
        months=str(months),
        statement=databricks_sql.replace_months(target, months),
        parameters=target.statement.for_months(months).bound_parameters,
        count=f"SELECT count(*) FROM {table} WHERE {target.replaced_rows(months)}",  # noqa: S608
    )
