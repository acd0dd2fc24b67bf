import time
from collections.abc import Iterator, Mapping

import dagster as dg
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from dagster_shared.error import SerializableErrorInfo
from platform_runtime.clone_job import CLONED_FROM

from platform_cli.demo.messages import (
    CheckEvaluated,
    Failed,
    Message,
    StepEnded,
    StepStarted,
    TableLeftOut,
    TableMaterialised,
)
from platform_cli.demo.reason import reason

_ROWS = "dagster/row_count"
_REJECTED = "rows_rejected"
# dbt builds many tables in one step, and says of each how long it took.
_DBT_SECONDS = "Execution Duration"


class EventReader:
    """Reads the events of one run as messages, and times its tables."""

    def __init__(self, location: str, graph: AssetGraph) -> None:
        self._location = location
        self._graph = graph
        self._last = time.monotonic()
        self._a_step_failed = False

    def messages(self, event: dg.DagsterEvent) -> Iterator[Message]:
        """What an event means to a person; most mean nothing."""
        step = event.step_key or ""
        match event.event_type:
            case dg.DagsterEventType.STEP_START:
                self._last = time.monotonic()
                yield StepStarted(self._location, step)
            case dg.DagsterEventType.STEP_SUCCESS | dg.DagsterEventType.STEP_SKIPPED:
                yield StepEnded(self._location, step)
            case dg.DagsterEventType.STEP_FAILURE:
                yield StepEnded(self._location, step)
                yield self._failed_step(step, event.step_failure_data.error)
            case dg.DagsterEventType.ASSET_MATERIALIZATION:
                yield self._table(event.step_materialization_data.materialization)
            case dg.DagsterEventType.ASSET_OBSERVATION:
                yield from self._left_out(event.asset_observation_data.asset_observation)
            case dg.DagsterEventType.ASSET_CHECK_EVALUATION:
                yield self._check(event.asset_check_evaluation_data)
            case dg.DagsterEventType.RUN_FAILURE if not self._a_step_failed:
                error = event.job_failure_data.error
                yield Failed(self._location, "the run", reason(error) if error else event.message or "")

    def _failed_step(self, step: str, error: SerializableErrorInfo | None) -> Failed:
        self._a_step_failed = True
        return Failed(self._location, f"step {step}", reason(error) if error else "")

    def _table(self, materialised: dg.AssetMaterialization) -> TableMaterialised:
        before, self._last = self._last, time.monotonic()
        return TableMaterialised(
            location=self._location,
            table=materialised.asset_key.to_user_string(),
            layer=self._layer(materialised.asset_key),
            partition=materialised.partition,
            rows=_count(materialised.metadata, _ROWS),
            rejected=_count(materialised.metadata, _REJECTED),
            seconds=_seconds(materialised.metadata, otherwise=self._last - before),
        )

    def _left_out(self, observed: dg.AssetObservation) -> Iterator[TableLeftOut]:
        if CLONED_FROM in observed.metadata:
            yield TableLeftOut(self._location, observed.asset_key.to_user_string(), observed.description or "")

    def _check(self, evaluation: dg.AssetCheckEvaluation) -> CheckEvaluated:
        return CheckEvaluated(
            location=self._location,
            table=evaluation.asset_key.to_user_string(),
            layer=self._layer(evaluation.asset_key),
            check=evaluation.check_name,
            partition=evaluation.partition,
            passed=evaluation.passed,
            is_error=evaluation.severity is dg.AssetCheckSeverity.ERROR,
            description=evaluation.description or "",
        )

    def _layer(self, key: dg.AssetKey) -> str:
        return self._graph.get(key).group_name


def _count(metadata: Mapping[str, dg.MetadataValue], name: str) -> int | None:
    value = metadata[name].value if name in metadata else None
    return value if isinstance(value, int) else None


def _seconds(metadata: Mapping[str, dg.MetadataValue], otherwise: float) -> float:
    value = metadata[_DBT_SECONDS].value if _DBT_SECONDS in metadata else None
    return value if isinstance(value, float) else otherwise
