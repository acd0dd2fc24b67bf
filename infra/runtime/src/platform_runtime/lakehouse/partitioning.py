import re
from calendar import monthrange
from datetime import MINYEAR
from typing import Self, override

from pydantic import Field, model_validator

from platform_runtime.declared_schema import JsonSchema, given
from platform_runtime.lakehouse.declaration import Declaration
from platform_runtime.lakehouse.granularity import Granularity


def _is_period(text: str, granularity: Granularity) -> bool:
    if re.fullmatch(granularity.pattern, text) is None:
        return False
    year, month, day = map(int, f"{text}{granularity.first_day}".split("-"))
    return year >= MINYEAR and day <= monthrange(year, month)[1]


def _form(granularity: Granularity) -> JsonSchema:
    period = {"type": "string", "pattern": f"^{granularity.pattern}$"}
    return {"properties": {"start": period, "end": {"if": {"type": "string"}, "then": period}}}


class Partitioning(Declaration):
    """The periods that silver and gold are partitioned by."""

    granularity: Granularity = Field(description="How long a period is: day, month or year, in UTC", examples=["day"])
    start: str = Field(description="First period, such as 2013-01 where it is a month", examples=["2013-01"])
    end: str | None = Field(
        None, description="The period after the last; without it, none is the last", examples=["2014-01"]
    )

    @classmethod
    @override
    def schema_rules(cls) -> list[JsonSchema]:
        return [given({"granularity": {"const": one.value}}, _form(one)) for one in Granularity]

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        for key, period in (("start", self.start), ("end", self.end)):
            if period is not None and not _is_period(period, self.granularity):
                raise ValueError(f"{key}: {period!r} is no {self.granularity}: write {self.granularity.written}")
        return self

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.end is not None and self.start >= self.end:
            raise ValueError(f"start {self.start} is not before end {self.end}; the end is the one after the last")
        return self
