from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from databricks_delta.lakehouse import databricks_sql
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import ParameterValue


@dataclass(frozen=True, slots=True)
class Replacement:
    """Periods of a table to be replaced, as a job is told of them.

    Attributes:
        catalog: holds the table and those that it reads.
        table: its full name.
        periods: the periods, in words.
        statement: what a SQL warehouse would be sent as well.
        parameters: the value of each `:name` in it.
        count: a query for how many rows the periods hold.
    """

    catalog: str
    table: str
    periods: str
    statement: str
    parameters: Mapping[str, ParameterValue]
    count: str

    @property
    def extras(self) -> dict[str, Any]:
        """What Dagster Pipes carries to the script."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.table}, {self.periods}"


def replacement(catalog: str, target: PeriodTable, periods: PeriodRange) -> Replacement:
    """The replacement of periods of a table that exists."""
    table = target.table.full_name
    return Replacement(
        catalog=catalog,
        table=table,
        periods=str(periods),
        statement=databricks_sql.replace_periods(target, periods),
        parameters=target.statement.for_periods(periods).bound_parameters,
        count=f"SELECT count(*) FROM {table} WHERE {target.replaced_rows(periods)}",  # noqa: S608
    )
