from typing import Literal, override

from databricks_delta.lakehouse.months import MONTH_COLUMN, UNREADABLE_MONTH
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.quality.quality_check import IN_MONTHS, MonthCheck, Subject

_ROWS = f"({IN_MONTHS} OR {MONTH_COLUMN} = '{UNREADABLE_MONTH}')"


class RowConservation(MonthCheck):
    """Bronze rows = rows here + rejected rows + superseded rows: none is dropped silently, none appears twice.

    Superseded rows are counted from bronze and the rejected rows alone: of the accepted rows of one key, all but one.
    """

    type: Literal["row_conservation"]

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
        if subject.rejected is None:
            raise ValueError(f"row_conservation: no table has rejects_of: {subject.table.full_name}")
        key = quoted([MONTH_COLUMN, *subject.source_key])
        return f"""
WITH arrivals AS (
  SELECT {key}, 1 AS arrived, 0 AS rejected FROM {subject.bronze.full_name} WHERE {_ROWS}
  UNION ALL
  SELECT {key}, 0 AS arrived, 1 AS rejected FROM {subject.rejected.full_name} WHERE {_ROWS}
), by_key AS (
  SELECT {key}, sum(arrived) AS arrived, sum(rejected) AS rejected FROM arrivals GROUP BY {key}
), accounts AS (
  SELECT {MONTH_COLUMN}, arrived - rejected - greatest(arrived - rejected - 1, 0) AS expected FROM by_key
  UNION ALL
  SELECT {MONTH_COLUMN}, -1 AS expected FROM {subject.table.full_name} WHERE {_ROWS}
)
SELECT {MONTH_COLUMN}, abs(sum(expected)) AS failures
FROM accounts GROUP BY {MONTH_COLUMN} HAVING sum(expected) <> 0"""  # noqa: S608

    @override
    def explain(self, failures: float) -> str:
        return f"rows too many or too few: {failures:,.0f}"
