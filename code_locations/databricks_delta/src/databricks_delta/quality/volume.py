from statistics import mean
from typing import Literal, override

from pydantic import Field

from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.months import MONTH_COLUMN, MonthRange
from databricks_delta.quality.quality_check import MonthCheck, Subject

_LONGEST_MONTH = 31


class Volume(MonthCheck):
    """A month holds about as many rows as the months before it did; a month without any history passes."""

    type: Literal["volume"]
    tolerance: float = Field(gt=0, description="Largest deviation from the mean of those months, as a fraction of it")
    history: int = Field(gt=0, description="How many months before are looked at")

    @property
    @override
    def usual_name(self) -> str:
        return "volume"

    @property
    @override
    def about(self) -> str:
        return f"Rows are within {self.tolerance:.0%} of the mean of the {self.history} months before"

    @property
    @override
    def months_before(self) -> int:
        return self.history

    @override
    def sql(self, subject: Subject) -> str:
        days = self.history * _LONGEST_MONTH
        first = f"date_format(date_sub(to_date(concat(:first_month, '-01')), {days}), 'yyyy-MM')"
        return (
            f"SELECT {MONTH_COLUMN}, count(*) AS n FROM {subject.table.full_name} "  # noqa: S608
            f"WHERE {MONTH_COLUMN} BETWEEN {first} AND :last_month GROUP BY {MONTH_COLUMN}"
        )

    @override
    def failures(self, rows: list[Row], months: MonthRange) -> dict[str, float]:
        counted = {str(row[MONTH_COLUMN]): int(str(row["n"])) for row in rows}
        deviations = {month: self._deviation(month, counted) for month in months.months}
        return {month: deviation for month, deviation in deviations.items() if deviation > self.tolerance}

    @override
    def explain(self, failures: float) -> str:
        return f"rows are {failures:.0%} off the months before"

    def _deviation(self, month: str, counted: dict[str, int]) -> float:
        before = sorted(earlier for earlier in counted if earlier < month)[-self.history :]
        if not before:
            return 0.0
        usual = mean(counted[earlier] for earlier in before)
        return abs(counted.get(month, 0) - usual) / usual
