from collections.abc import Mapping

import dagster as dg

from databricks_delta.lakehouse.periods import UNREADABLE_PERIOD, PeriodRange

PERIODS_JUDGED = "periods_judged"
"""Metadata of an evaluation: how badly each judged period failed, 0 where it passed."""

_EVALUATIONS = 50


def known_failures(
    instance: dg.DagsterInstance, check: dg.AssetCheckKey, judged: PeriodRange, failures: Mapping[str, float]
) -> dict[str, float]:
    """The failing periods, of those that were judged now and of those that earlier evaluations left failing.

    A run judges its own periods alone, so that a period costs a period; another's failure must not pass from sight
    because of that. It stays until that one is judged again.
    """
    latest = {period: failures.get(period, 0.0) for period in (*judged.periods, UNREADABLE_PERIOD)}
    for earlier in _earlier_evaluations(instance, check):
        for period, failing in earlier.items():
            latest.setdefault(period, failing)
    return {period: failing for period, failing in sorted(latest.items()) if failing}


def _earlier_evaluations(instance: dg.DagsterInstance, check: dg.AssetCheckKey) -> list[dict[str, float]]:
    records = instance.event_log_storage.get_asset_check_execution_history(check, limit=_EVALUATIONS)
    evaluations = [r.evaluation for r in records if isinstance(r.evaluation, dg.AssetCheckEvaluation)]
    found = [evaluation.metadata.get(PERIODS_JUDGED) for evaluation in evaluations]
    return [value.data for value in found if isinstance(value, dg.JsonMetadataValue) and isinstance(value.data, dict)]
