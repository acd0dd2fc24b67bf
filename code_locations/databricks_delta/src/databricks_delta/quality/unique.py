from typing import Literal, override

from pydantic import Field

from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.quality.quality_check import PeriodCheck, Subject


class Unique(PeriodCheck):
    """No two rows of a period agree in all of the columns."""

    type: Literal["unique"] = Field(description="Which check this is", examples=["unique"])
    columns: list[str] = Field(
        min_length=1, description="Columns that tell rows of a period apart", examples=[["station", "day"]]
    )

    @property
    @override
    def usual_name(self) -> str:
        return "unique"

    @property
    @override
    def about(self) -> str:
        return f"No two rows have the same {', '.join(self.columns)}"

    @property
    @override
    def columns_named(self) -> tuple[str, ...]:
        return tuple(self.columns)

    @override
    def sql(self, subject: Subject) -> str:
        key = quoted([subject.period, *self.columns])
        repeated = f"SELECT {key} FROM {subject.rows} WHERE {subject.in_periods} GROUP BY {key} HAVING count(*) > 1"  # noqa: S608
        return f"SELECT {subject.period}, count(*) AS failures FROM ({repeated}) AS repeated GROUP BY {subject.period}"  # noqa: S608

    @override
    def explain(self, failures: float) -> str:
        return f"keys that appear more than once: {failures:,.0f}"
