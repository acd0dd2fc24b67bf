from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from databricks_delta.assets.run_months import months_of_run
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.lakehouse import Lakehouse, Reader
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
        months = months_of_run(context.run.tags, table.partitions)
        lakehouse: Lakehouse = getattr(context.resources, resource)
        with lakehouse.reader() as reader:
            examination = _Examination(table, reader, months, context.instance)
            for check in table.checks:
                if table.key(check) in context.selected_asset_check_keys:
                    yield _result(table, check, examination.verdict(check))

    return run_checks


def _spec(table: CheckedTable, check: QualityCheck) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check.check_name,
        asset=table.asset,
        description=check.about,
        additional_deps=table.other_assets,
        metadata={"sql": dg.MetadataValue.md(f"```sql\n{check.sql(table.subject).strip()}\n```")},
    )


@dataclass(frozen=True, slots=True)
class _Examination:
    """One run's look at a table."""

    table: CheckedTable
    reader: Reader
    months: MonthRange
    instance: dg.DagsterInstance

    def verdict(self, check: QualityCheck) -> Verdict:
        origin = f"check {check.check_name} of {self.table.subject.table.full_name}"
        statement = Statement(check.sql(self.table.subject), origin, {})
        try:
            if isinstance(check, MonthCheck):
                return self._by_month(check, statement)
            if isinstance(check, TableCheck):
                rows = self.reader.query(statement, None)
                return check.judge(rows, self.table.subject, datetime.now(UTC))
        except LakehouseError as error:
            return Verdict(passed=False, description=str(error), metadata={})
        raise TypeError(f"{type(check).__name__} is neither a check by month nor of the whole table")

    def _by_month(self, check: MonthCheck, statement: Statement) -> Verdict:
        looked_at = self.months.reaching_back(31 * check.months_before)
        failures = check.failures(self.reader.query(statement.for_months(self.months), looked_at), self.months)
        failing = known_failures(self.instance, self.table.key(check), self.months, failures)
        judged = dict.fromkeys(self.months.months, 0.0) | failing
        metadata: dict[str, Any] = {MONTHS_JUDGED: judged, "months": str(self.months)}
        if not failing:
            return Verdict(passed=True, description=f"{check.about} ({self.months})", metadata=metadata)
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
