from typing import Literal, override

from pydantic import Field

from databricks_delta.lakehouse.months import MONTH_COLUMN
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.quality.quality_check import IN_MONTHS, MonthCheck, Subject


class NotNull(MonthCheck):
    """Every row has a value in the columns."""

    type: Literal["not_null"]
    columns: list[str] = Field(min_length=1)

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
            f"SELECT {MONTH_COLUMN}, count(*) AS failures FROM {subject.table.full_name} "  # noqa: S608
            f"WHERE {IN_MONTHS} AND ({absent}) GROUP BY {MONTH_COLUMN}"
        )

    @override
    def explain(self, failures: float) -> str:
        return f"rows without a value: {failures:,.0f}"
