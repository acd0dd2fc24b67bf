from typing import Self

from pydantic import Field, model_validator

from platform_runtime.lakehouse.declaration import Declaration

_MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


class Partitioning(Declaration):
    """The months that silver and gold are partitioned by."""

    start: str = Field(pattern=_MONTH, description="First month, YYYY-MM")
    end: str | None = Field(None, pattern=_MONTH, description="The month after the last; without it, none is the last")

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.end is not None and self.start >= self.end:
            raise ValueError(f"start {self.start} is not before end {self.end}; the end is the month after the last")
        return self
