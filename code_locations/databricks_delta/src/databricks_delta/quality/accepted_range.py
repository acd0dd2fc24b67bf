from typing import Literal, Self, override

from platform_runtime.declared_schema import JsonSchema, says
from pydantic import Field, model_validator

from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.quality.quality_check import PeriodCheck, Subject


class AcceptedRange(PeriodCheck):
    """A column's values lie within limits, both included; a missing value passes."""

    type: Literal["accepted_range"] = Field(description="Which check this is", examples=["accepted_range"])
    column: str = Field(description="Column of numbers", examples=["humidity_pct"])
    min: float | None = Field(None, description="The least that is accepted; left out, there is none", examples=[0])
    max: float | None = Field(None, description="The most that is accepted; left out, there is none", examples=[100])

    @classmethod
    @override
    def schema_rules(cls) -> list[JsonSchema]:
        return [{"if": says({"min": {"type": "number"}}), "else": {"required": ["max"]}}]

    @property
    @override
    def usual_name(self) -> str:
        return f"{self.column}_in_range"

    @property
    @override
    def about(self) -> str:
        limits = ("at least", self.min), ("at most", self.max)
        return f"{self.column} is " + " and ".join(f"{word} {limit:g}" for word, limit in limits if limit is not None)

    @property
    @override
    def columns_named(self) -> tuple[str, ...]:
        return (self.column,)

    @override
    def sql(self, subject: Subject) -> str:
        limits = (("<", self.min), (">", self.max))
        outside = " OR ".join(
            f"{quoted([self.column])} {sign} {limit!r}" for sign, limit in limits if limit is not None
        )
        return (
            f"SELECT {subject.period}, count(*) AS failures FROM {subject.rows} "  # noqa: S608
            f"WHERE {subject.in_periods} AND ({outside}) GROUP BY {subject.period}"
        )

    @override
    def explain(self, failures: float) -> str:
        return f"rows outside: {failures:,.0f}"

    @model_validator(mode="after")
    def _check_limits(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError(f"accepted_range of {self.column}: give min, max or both")
        return self
