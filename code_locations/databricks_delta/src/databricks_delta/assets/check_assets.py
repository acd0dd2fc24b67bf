from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from databricks_delta.assets.run_months import months_of_run
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.lakehouse import Lakehouse
from databricks_delta.lakehouse.months import MonthRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.quality.known_failures import MONTHS_JUDGED, known_failures
from databricks_delta.quality.quality_check import MonthCheck, QualityCheck, Subject, TableCheck, Verdict


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """A table with the checks that were declared for it.

    Attributes:
        other_assets: assets that must be up to date as well before the checks make sense.
    """

    asset: dg.AssetKey
    subject: Subject
    checks: Sequence[QualityCheck]
    partitions: dg.MonthlyPartitionsDefinition
    other_assets: Sequence[dg.AssetKey]

    def key(self, check: QualityCheck) -> dg.AssetCheckKey:
        """The check as Dagster names it."""
        return dg.AssetCheckKey(self.asset, check.check_name)


def check_assets(table: CheckedTable, resource: str) -> dg.AssetChecksDefinition:
    """All checks of a table, in one op; each can be run alone."""

    @dg.multi_asset_check(
        name=f"check_{'_'.join(table.asset.path)}",
        specs=[_spec(table, check) for check in table.checks],
        can_subset=True,
        required_resource_keys={resource},
    )
    def run_checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        lakehouse: Lakehouse = getattr(context.resources, resource)
        months = months_of_run(context.run.tags, table.partitions)
        for check in table.checks:
            if table.key(check) in context.selected_asset_check_keys:
                yield _result(table, check, _verdict(table, check, lakehouse, months, context.instance))

    return run_checks


def _spec(table: CheckedTable, check: QualityCheck) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check.check_name,
        asset=table.asset,
        description=check.about,
        additional_deps=table.other_assets,
        metadata={"sql": dg.MetadataValue.md(f"```sql\n{check.sql(table.subject).strip()}\n```")},
    )


def _verdict(
    table: CheckedTable,
    check: QualityCheck,
    lakehouse: Lakehouse,
    months: MonthRange,
    instance: dg.DagsterInstance,
) -> Verdict:
    statement = Statement(check.sql(table.subject), f"check {check.check_name} of {table.subject.table.full_name}", {})
    try:
        if isinstance(check, MonthCheck):
            return _worst_month(table, check, statement, lakehouse, months, instance)
        if isinstance(check, TableCheck):
            return check.judge(lakehouse.query(statement, None), table.subject, datetime.now(UTC))
    except LakehouseError as error:
        return Verdict(passed=False, description=str(error), metadata={})
    raise TypeError(f"{type(check).__name__} is neither a check by month nor of the whole table")


def _worst_month(
    table: CheckedTable,
    check: MonthCheck,
    statement: Statement,
    lakehouse: Lakehouse,
    months: MonthRange,
    instance: dg.DagsterInstance,
) -> Verdict:
    looked_at = months.reaching_back(31 * check.months_before)
    failures = check.failures(lakehouse.query(statement.for_months(months), looked_at), months)
    failing = known_failures(instance, table.key(check), months, failures)
    judged = {month: failing.get(month, 0.0) for month in months.months} | failing
    metadata: dict[str, object] = {MONTHS_JUDGED: judged, "months": str(months)}
    if not failing:
        return Verdict(passed=True, description=f"{check.about} ({months})", metadata=metadata)
    worst = max(failing, key=lambda month: (failing[month], month))
    others = f", the worst of {len(failing)} failing months" if len(failing) > 1 else ""
    return Verdict(
        passed=False,
        description=f"{worst}: {check.explain(failing[worst])}{others}",
        metadata=metadata | {"worst_month": worst, "worst_month_failures": failing[worst]},
    )


def _result(table: CheckedTable, check: QualityCheck, verdict: Verdict) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=table.asset,
        check_name=check.check_name,
        passed=verdict.passed,
        severity=check.asset_check_severity,
        description=verdict.description,
        metadata=dict(verdict.metadata),
    )
