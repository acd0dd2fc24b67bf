from datetime import UTC, datetime

from databricks_delta.lakehouse.lakehouse import Reader
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.quality.known_failures import PERIODS_JUDGED
from databricks_delta.quality.quality_check import PeriodCheck, QualityCheck, Subject, TableCheck, Verdict


def examine_table(check: TableCheck, subject: Subject, reader: Reader) -> Verdict:
    """What a check of the whole table finds now."""
    return check.judge(reader.query(_statement(check, subject), None), subject, datetime.now(UTC))


def examine_periods(check: PeriodCheck, subject: Subject, reader: Reader, periods: PeriodRange) -> dict[str, float]:
    """How badly each of the periods fails that does."""
    looked_at = periods.reaching_back(periods.granularity.longest_days * check.periods_before)
    return check.failures(reader.query(_statement(check, subject).for_periods(periods), looked_at), periods)


def examine_whole(check: PeriodCheck, subject: Subject, reader: Reader) -> Verdict:
    """What a check by period finds of a dimension, which is looked at as one."""
    failures = sum(float(str(row["failures"])) for row in reader.query(_statement(check, subject), None))
    return Verdict(passed=not failures, description=check.explain(failures) if failures else check.about, metadata={})


def worst_period(check: PeriodCheck, periods: PeriodRange, failing: dict[str, float]) -> Verdict:
    """The verdict on a table whose periods fail so badly; the worst one is named.

    Args:
        check: what was checked.
        periods: the periods that were judged now.
        failing: how badly each failing period fails, of these and of others that are known to.
    """
    metadata = {PERIODS_JUDGED: dict.fromkeys(periods.periods, 0.0) | failing, "periods": str(periods)}
    if not failing:
        return Verdict(passed=True, description=f"{check.about} ({periods})", metadata=metadata)
    worst = max(failing, key=lambda period: (failing[period], period))
    others = f", the worst of {len(failing)} failing periods" if len(failing) > 1 else ""
    return Verdict(
        passed=False,
        description=f"{worst}: {check.explain(failing[worst])}{others}",
        metadata=metadata | {"worst_period": worst, "worst_period_failures": failing[worst]},
    )


def _statement(check: QualityCheck, subject: Subject) -> Statement:
    return Statement(check.sql(subject), f"check {check.check_name} of {subject.table.full_name}", {})
