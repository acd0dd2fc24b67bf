from typing import Literal, override

from pydantic import Field

from databricks_delta.lakehouse.periods import UNREADABLE_PERIOD
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.quality.quality_check import PeriodCheck, Subject


class RowConservation(PeriodCheck):
    """Bronze rows = rows here + rejected rows + superseded rows: none is dropped silently, none appears twice.

    Superseded rows are counted from bronze and the rejected rows alone: of the accepted rows of one key, all but one.
    """

    type: Literal["row_conservation"] = Field(description="Which check this is", examples=["row_conservation"])

    @property
    @override
    def usual_name(self) -> str:
        return "rows_conserved"

    @property
    @override
    def about(self) -> str:
        return "Every bronze row is here, or rejected, or superseded by a later one of the same key"

    @override
    def sql(self, subject: Subject) -> str:
        if subject.rejected is None or subject.source is None:
            raise ValueError(f"row_conservation: {subject.table.full_name} has no rejected rows of one bronze table")
        rows = f"({subject.in_periods} OR {subject.period} = '{UNREADABLE_PERIOD}')"
        key = quoted([subject.period, *subject.source.landing.key])
        return f"""
WITH arrivals AS (
  SELECT {key}, 1 AS arrived, 0 AS rejected FROM {subject.source.bronze.sql_name} WHERE {rows}
  UNION ALL
  SELECT {key}, 0 AS arrived, 1 AS rejected FROM {subject.rejected.sql_name} WHERE {rows}
), by_key AS (
  SELECT {key}, sum(arrived) AS arrived, sum(rejected) AS rejected FROM arrivals GROUP BY {key}
), accounts AS (
  SELECT {subject.period}, arrived - rejected - greatest(arrived - rejected - 1, 0) AS expected FROM by_key
  UNION ALL
  SELECT {subject.period}, -1 AS expected FROM {subject.table.sql_name} WHERE {rows}
)
SELECT {subject.period}, abs(sum(expected)) AS failures
FROM accounts GROUP BY {subject.period} HAVING sum(expected) <> 0"""  # noqa: S608

    @override
    def explain(self, failures: float) -> str:
        return f"rows too many or too few: {failures:,.0f}"
