from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import dagster as dg

from databricks_delta.assets.asset_context import AssetContext
from databricks_delta.assets.run_periods import periods_of_run
from databricks_delta.lakehouse.errors import EngineError, LakehouseError
from databricks_delta.lakehouse.lakehouse import Lakehouse, Reader
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.quality.examination import examine_periods, examine_table, examine_whole, worst_period
from databricks_delta.quality.known_failures import known_failures
from databricks_delta.quality.quality_check import PeriodCheck, QualityCheck, Subject, TableCheck, Verdict


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """A table as an asset, with the checks that are declared for it."""

    asset: dg.AssetKey
    subject: Subject
    checks: Sequence[QualityCheck]

    def key(self, check: QualityCheck) -> dg.AssetCheckKey:
        """The check as Dagster names it."""
        return dg.AssetCheckKey(self.asset, check.check_name)


def check_assets(shared: AssetContext, subject: Subject, checks: Sequence[QualityCheck]) -> dg.AssetChecksDefinition:
    """All checks of a table, in one op; each can be run alone."""
    table = CheckedTable(shared.key(subject.table.full_name), subject, checks)

    @dg.multi_asset_check(
        name=f"check_{shared.op_name(subject.table.full_name)}",
        specs=[_spec(shared, table, check) for check in checks],
        can_subset=True,
        required_resource_keys={shared.resource},
    )
    def run_checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        lakehouse: Lakehouse = getattr(context.resources, shared.resource)
        periods = periods_of_run(context.run.tags, shared.partitions)
        with lakehouse.reader() as reader:
            for check in checks:
                if table.key(check) in context.selected_asset_check_keys:
                    yield _result(table, check, _verdict(table, check, reader, periods, context.instance))

    return run_checks


def _spec(shared: AssetContext, table: CheckedTable, check: QualityCheck) -> dg.AssetCheckSpec:
    rejected = table.subject.rejected
    return dg.AssetCheckSpec(
        check.check_name,
        asset=table.asset,
        description=check.about,
        # Rows are conserved once both tables are replaced.
        additional_deps=[] if rejected is None else [shared.key(rejected.full_name)],
        metadata={"sql": dg.MetadataValue.md(f"```sql\n{check.sql(table.subject).strip()}\n```")},
    )


def _verdict(
    table: CheckedTable, check: QualityCheck, reader: Reader, periods: PeriodRange, instance: dg.DagsterInstance
) -> Verdict:
    try:
        if isinstance(check, PeriodCheck) and table.subject.table.granularity is None:
            return examine_whole(check, table.subject, reader)
        if isinstance(check, PeriodCheck):
            failures = examine_periods(check, table.subject, reader, periods)
            return worst_period(check, periods, known_failures(instance, table.key(check), periods, failures))
        if isinstance(check, TableCheck):
            return examine_table(check, table.subject, reader)
    except EngineError:
        # It tells nothing of the data: the check has not been made.
        raise
    except LakehouseError as error:
        return Verdict(passed=False, description=str(error), metadata={})
    raise TypeError(f"{type(check).__name__} is neither a check by period nor of the whole table")


def _result(table: CheckedTable, check: QualityCheck, verdict: Verdict) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=table.asset,
        check_name=check.check_name,
        passed=verdict.passed,
        severity=check.asset_check_severity,
        description=verdict.description,
        metadata=dict(verdict.metadata),
    )
