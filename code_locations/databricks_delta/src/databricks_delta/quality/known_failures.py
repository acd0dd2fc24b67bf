from collections.abc import Mapping

import dagster as dg

from databricks_delta.lakehouse.months import UNREADABLE_MONTH, MonthRange

MONTHS_JUDGED = "months_judged"
"""Metadata of an evaluation: how badly each judged month failed, 0 where it passed."""

_EVALUATIONS = 50


def known_failures(
    instance: dg.DagsterInstance, check: dg.AssetCheckKey, judged: MonthRange, failures: Mapping[str, float]
) -> dict[str, float]:
    """The failing months, of those that were judged now and of those that earlier evaluations left failing.

    A run judges its own months alone, so that a month costs a month; another month's failure must not pass from sight
    because of that. It stays until that month is judged again.
    """
    latest = {month: failures.get(month, 0.0) for month in (*judged.months, UNREADABLE_MONTH)}
    for earlier in _earlier_evaluations(instance, check):
        for month, failing in earlier.items():
            latest.setdefault(month, failing)
    return {month: failing for month, failing in sorted(latest.items()) if failing}


def _earlier_evaluations(instance: dg.DagsterInstance, check: dg.AssetCheckKey) -> list[dict[str, float]]:
    records = instance.event_log_storage.get_asset_check_execution_history(check, limit=_EVALUATIONS)
    evaluations = [r.evaluation for r in records if isinstance(r.evaluation, dg.AssetCheckEvaluation)]
    found = [evaluation.metadata.get(MONTHS_JUDGED) for evaluation in evaluations]
    return [value.data for value in found if isinstance(value, dg.JsonMetadataValue) and isinstance(value.data, dict)]
