from datetime import datetime
from typing import Literal, override

from databricks_delta.lakehouse.lakehouse import Row
from databricks_delta.lakehouse.months import MONTH_COLUMN, UNREADABLE_MONTH
from databricks_delta.quality.quality_check import Subject, TableCheck, Verdict


class MonthsCovered(TableCheck):
    """Every month that rows came for is a partition, so that nothing waits in bronze for ever."""

    type: Literal["months_covered"]

    @property
    @override
    def usual_name(self) -> str:
        return "months_covered"

    @property
    @override
    def about(self) -> str:
        return "Every month of the rows is a partition of silver and gold"

    @override
    def sql(self, subject: Subject) -> str:
        return f"SELECT {MONTH_COLUMN}, count(*) AS n FROM {subject.table.full_name} GROUP BY {MONTH_COLUMN}"  # noqa: S608

    @override
    def judge(self, rows: list[Row], subject: Subject, now: datetime) -> Verdict:
        counted = {str(row[MONTH_COLUMN]): int(str(row["n"])) for row in rows}
        outside = {month: n for month, n in counted.items() if month not in subject.partitions | {UNREADABLE_MONTH}}
        waiting = ", ".join(f"{month} ({n:,} rows)" for month, n in sorted(outside.items()))
        return Verdict(
            passed=not outside,
            description=f"Not a partition: {waiting}; widen partitioning in defs.yaml" if outside else self.about,
            metadata={"rows_outside": sum(outside.values())},
        )
