from datetime import UTC, datetime, timedelta
from typing import Literal, override

from pydantic import Field

from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.quality.quality_check import Subject, TableCheck, Verdict


class Freshness(TableCheck):
    """The newest time in a column is not too long ago.

    On a load time it says whether loading goes on; on an event time, whether the world still sends.
    """

    type: Literal["freshness"] = Field(description="Which check this is", examples=["freshness"])
    column: str = Field(description="Column of times", examples=["_ingested_at"])
    within_days: float = Field(gt=0, description="Days that the newest may be old", examples=[3])

    @property
    @override
    def usual_name(self) -> str:
        return f"fresh_by_{self.column.strip('_')}"

    @property
    @override
    def about(self) -> str:
        return f"The newest {self.column} is at most {self.within_days:g} days ago"

    @property
    @override
    def columns_named(self) -> tuple[str, ...]:
        return (self.column,)

    @override
    def sql(self, subject: Subject) -> str:
        return f"SELECT max({quoted([self.column])}) AS newest FROM {subject.table.sql_name}"  # noqa: S608

    @override
    def judge(self, rows: list[Row], subject: Subject, now: datetime) -> Verdict:
        newest = rows[0]["newest"]
        if not isinstance(newest, datetime):
            return Verdict(passed=False, description=f"{subject.table.full_name} holds no {self.column}", metadata={})
        newest = newest if newest.tzinfo else newest.replace(tzinfo=UTC)
        age = now - newest
        days = age / timedelta(days=1)
        return Verdict(
            passed=days <= self.within_days,
            description=f"The newest {self.column} is {days:,.1f} days ago; at most {self.within_days:g} are accepted",
            metadata={"newest": newest.isoformat(), "age_days": days},
        )
