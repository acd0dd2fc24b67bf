from statistics import mean
from typing import Literal, override

from pydantic import Field

from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.quality.quality_check import PeriodCheck, Subject


class Volume(PeriodCheck):
    """A period holds about as many rows as the periods before it did; a period without any history passes."""

    type: Literal["volume"] = Field(description="Which check this is", examples=["volume"])
    tolerance: float = Field(
        gt=0, description="Largest deviation from the mean of those periods, as a fraction of it", examples=[0.25]
    )
    history: int = Field(gt=0, description="How many periods before are looked at", examples=[6])

    @property
    @override
    def usual_name(self) -> str:
        return "volume"

    @property
    @override
    def about(self) -> str:
        return f"Rows are within {self.tolerance:.0%} of the mean of the {self.history} periods before"

    @property
    @override
    def periods_before(self) -> int:
        return self.history

    @override
    def sql(self, subject: Subject) -> str:
        granularity = subject.table.granularity
        if granularity is None:
            raise ValueError(f"volume: {subject.table.full_name} is a dimension, it has no period")
        days = self.history * granularity.longest_days
        first_day = f"to_date(concat(:{granularity.first_parameter}, '{granularity.first_day}'))"
        first = f"date_format(date_sub({first_day}, {days}), '{granularity.sql_format}')"
        return (
            f"SELECT {subject.period}, count(*) AS n FROM {subject.table.sql_name} "  # noqa: S608
            f"WHERE {subject.period} BETWEEN {first} AND :{granularity.last_parameter} GROUP BY {subject.period}"
        )

    @override
    def failures(self, rows: list[Row], periods: PeriodRange) -> dict[str, float]:
        counted = {str(row[periods.column]): int(str(row["n"])) for row in rows}
        deviations = {period: self._deviation(period, counted) for period in periods.periods}
        return {period: deviation for period, deviation in deviations.items() if deviation > self.tolerance}

    @override
    def explain(self, failures: float) -> str:
        return f"rows are {failures:.0%} off the periods before"

    def _deviation(self, period: str, counted: dict[str, int]) -> float:
        before = sorted(earlier for earlier in counted if earlier < period)[-self.history :]
        if not before:
            return 0.0
        usual = mean(counted[earlier] for earlier in before)
        return abs(counted.get(period, 0) - usual) / usual
