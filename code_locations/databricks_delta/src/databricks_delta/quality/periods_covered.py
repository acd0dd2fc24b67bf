from datetime import datetime
from typing import Literal, override

from pydantic import Field

from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.periods import UNREADABLE_PERIOD
from databricks_delta.quality.quality_check import Subject, TableCheck, Verdict


class PeriodsCovered(TableCheck):
    """Every period that rows came for is a partition, so that nothing waits in bronze for ever."""

    type: Literal["periods_covered"] = Field(description="Which check this is", examples=["periods_covered"])

    @property
    @override
    def usual_name(self) -> str:
        return "periods_covered"

    @property
    @override
    def about(self) -> str:
        return "Every period of the rows is a partition of silver and gold"

    @override
    def sql(self, subject: Subject) -> str:
        return f"SELECT {subject.period}, count(*) AS n FROM {subject.table.sql_name} GROUP BY {subject.period}"  # noqa: S608

    @override
    def judge(self, rows: list[Row], subject: Subject, now: datetime) -> Verdict:
        counted = {str(row[subject.period]): int(str(row["n"])) for row in rows}
        outside = {period: n for period, n in counted.items() if period not in subject.partitions | {UNREADABLE_PERIOD}}
        waiting = ", ".join(f"{period} ({n:,} rows)" for period, n in sorted(outside.items()))
        return Verdict(
            passed=not outside,
            description=f"Not a partition: {waiting}; widen partitioning in defs.yaml" if outside else self.about,
            metadata={"rows_outside": sum(outside.values())},
        )
