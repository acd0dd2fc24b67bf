from datetime import UTC, datetime

from databricks_delta.lakehouse.lakehouse import Reader
from databricks_delta.lakehouse.months import MonthRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.quality.known_failures import MONTHS_JUDGED
from databricks_delta.quality.quality_check import MonthCheck, QualityCheck, Subject, TableCheck, Verdict

_LONGEST_MONTH = 31


def examine_table(check: TableCheck, subject: Subject, reader: Reader) -> Verdict:
    """What a check of the whole table finds now."""
    return check.judge(reader.query(_statement(check, subject), None), subject, datetime.now(UTC))


def examine_months(check: MonthCheck, subject: Subject, reader: Reader, months: MonthRange) -> dict[str, float]:
    """How badly each of the months fails that does."""
    looked_at = months.reaching_back(_LONGEST_MONTH * check.months_before)
    return check.failures(reader.query(_statement(check, subject).for_months(months), looked_at), months)


def worst_month(check: MonthCheck, months: MonthRange, failing: dict[str, float]) -> Verdict:
    """The verdict on a table whose months fail so badly; the worst one is named.

    Args:
        check: what was checked.
        months: the months that were judged now.
        failing: how badly each failing month fails, of these and of others that are known to.
    """
    metadata = {MONTHS_JUDGED: dict.fromkeys(months.months, 0.0) | failing, "months": str(months)}
    if not failing:
        return Verdict(passed=True, description=f"{check.about} ({months})", metadata=metadata)
    worst = max(failing, key=lambda month: (failing[month], month))
    others = f", the worst of {len(failing)} failing months" if len(failing) > 1 else ""
    return Verdict(
        passed=False,
        description=f"{worst}: {check.explain(failing[worst])}{others}",
        metadata=metadata | {"worst_month": worst, "worst_month_failures": failing[worst]},
    )


def _statement(check: QualityCheck, subject: Subject) -> Statement:
    return Statement(check.sql(subject), f"check {check.check_name} of {subject.table.full_name}", {})
