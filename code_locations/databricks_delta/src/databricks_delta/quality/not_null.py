from typing import Literal, override

from pydantic import Field

from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.quality.quality_check import PeriodCheck, Subject


class NotNull(PeriodCheck):
    """Every row has a value in the columns."""

    type: Literal["not_null"] = Field(description="Which check this is", examples=["not_null"])
    columns: list[str] = Field(min_length=1, description="Columns that every row has", examples=[["station", "day"]])

    @property
    @override
    def usual_name(self) -> str:
        return "not_null"

    @property
    @override
    def about(self) -> str:
        return f"Every row has {' and '.join(self.columns)}"

    @property
    @override
    def columns_named(self) -> tuple[str, ...]:
        return tuple(self.columns)

    @override
    def sql(self, subject: Subject) -> str:
        absent = " OR ".join(f"{quoted([column])} IS NULL" for column in self.columns)
        return (
            f"SELECT {subject.period}, count(*) AS failures FROM {subject.rows} "  # noqa: S608
            f"WHERE {subject.in_periods} AND ({absent}) GROUP BY {subject.period}"
        )

    @override
    def explain(self, failures: float) -> str:
        return f"rows without a value: {failures:,.0f}"
