from dataclasses import dataclass
from datetime import timedelta

from platform_contract.domain import Domain
from platform_runtime.lakehouse.tables import RunsOn

from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable


@dataclass(frozen=True, slots=True)
class PeriodTable:
    """A table above bronze: whole periods, each computed by one SELECT from the tables below.

    Attributes:
        statement: the SELECT, over its first to its last period, such as `:first_month` to `:last_month`.
        reads_days_before: how far before its first period the SELECT looks, in days.
        runs_on: what computes it in Databricks.
        timeout: how long a job of its own may take to compute it.
        published_to: the domain that receives its rows, period by period; None where none does.
        holds_unreadable: whether rows without a period live here too. They are few and have no period to be replaced
            with, so they are replaced with any.
    """

    table: LakehouseTable
    statement: Statement
    reads_days_before: int
    runs_on: RunsOn
    timeout: timedelta
    holds_unreadable: bool
    published_to: Domain | None

    @property
    def selected_columns(self) -> tuple[str, ...]:
        """The columns that the SELECT gives."""
        return self.table.column_names

    def replaced_rows(self, periods: PeriodRange) -> str:
        """The condition of the rows that a replacement of those periods takes away."""
        return periods.rows(unreadable=self.holds_unreadable)

    def periods_read(self, periods: PeriodRange) -> PeriodRange:
        """The periods that the SELECT looks at when those are computed."""
        return periods.reaching_back(self.reads_days_before)
