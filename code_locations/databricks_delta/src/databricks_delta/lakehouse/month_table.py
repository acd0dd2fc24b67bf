from dataclasses import dataclass
from datetime import timedelta

from platform_contract.domain import Domain
from platform_runtime.lakehouse.tables import RunsOn

from databricks_delta.lakehouse.months import MonthRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable


@dataclass(frozen=True, slots=True)
class MonthTable:
    """A table above bronze: whole months, each computed by one SELECT from the tables below.

    Attributes:
        statement: the SELECT, over `:first_month` to `:last_month`.
        reads_days_before: how far before its first month the SELECT looks, in days.
        runs_on: what computes it in Databricks.
        timeout: how long a job of its own may take to compute it.
        published_to: the domain that receives its rows, month by month; None where none does.
        holds_unreadable: whether rows without a month live here too. They are few and have no month to be replaced
            with, so they are replaced with any.
    """

    table: LakehouseTable
    statement: Statement
    reads_days_before: int
    runs_on: RunsOn
    timeout: timedelta
    holds_unreadable: bool
    published_to: Domain | None

    def replaced_rows(self, months: MonthRange) -> str:
        """The condition of the rows that a replacement of those months takes away."""
        return months.rows(unreadable=self.holds_unreadable)

    def months_read(self, months: MonthRange) -> MonthRange:
        """The months that the SELECT looks at when those are computed."""
        return months.reaching_back(self.reads_days_before)
