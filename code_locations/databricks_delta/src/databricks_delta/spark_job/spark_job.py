import hashlib
import itertools
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import dagster as dg

from databricks_delta.lakehouse.databricks.retries import retried
from databricks_delta.lakehouse.databricks.warehouse_settings import WarehouseSettings
from databricks_delta.spark_job.job_failure import refusal
from databricks_delta.spark_job.job_script import uploaded_script
from databricks_delta.spark_job.replacement import Replacement

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient
    from databricks.sdk.service.jobs import SubmitTask

_ENVIRONMENT = "serverless"
# Databricks' fourth environment of serverless compute: Python 3.12.
_ENVIRONMENT_VERSION = "4"


@dataclass(frozen=True, slots=True)
class SparkJob:
    """Serverless compute of a workspace, one job for each replacement.

    A replacement that runs twice leaves the same rows, so that neither a repeated request nor a second attempt needs
    Delta's transaction ids; serverless compute would take them in no SQL either.

    Attributes:
        volume: absolute path of the volume for scripts, and for what Pipes exchanges.
        timeout: how long a job may take.
        budget_policy_id: the account's policy that tags its cost; None where the account has none. A budget that
            filters by tags sees no serverless job without one.
        patience: how often a job is run that another writer beat.
    """

    client: "WorkspaceClient"
    volume: str
    timeout: timedelta
    budget_policy_id: str | None
    patience: WarehouseSettings

    def run(self, context: dg.AssetExecutionContext, replaced: Replacement) -> None:
        """Replace the periods, hand the job's logs to the run and its numbers to the materialisation.

        A job whose Dagster run is terminated is cancelled; one that another writer beat is followed by another.

        Raises:
            LakehouseError: when the job does not succeed, or Databricks refuses it; it begins with what to do.
        """
        numbers = itertools.count(1)
        try:
            metadata = retried(self.patience, lambda: self._reported(context, replaced, next(numbers)))
            context.add_asset_metadata(metadata)
        except OSError as error:
            # Databricks' refusals are OSErrors, as broken connections are.
            raise refusal(replaced, error, self.volume) from error

    def _reported(self, context: dg.AssetExecutionContext, replaced: Replacement, number: int) -> dict[str, Any]:
        # Imports Spark's client, which takes seconds.
        from databricks_delta.spark_job.serverless_client import ServerlessClient  # noqa: PLC0415

        pipes = ServerlessClient(self.client, self.volume, replaced)
        task = _task(uploaded_script(self.client, self.volume))
        submission = self._submission(context, replaced, number)
        done = pipes.run(context=context, extras=replaced.extras, task=task, submit_args=submission)
        if pipes.was_cancelled(int(str(done.metadata["Databricks Job Run ID"].value))):
            raise dg.DagsterExecutionInterruptedError
        return dict(done.get_materialize_result(implicit_materialization=False).metadata or {})

    def _submission(self, context: dg.AssetExecutionContext, replaced: Replacement, number: int) -> dict[str, Any]:
        from databricks.sdk.service.compute import Environment  # noqa: PLC0415
        from databricks.sdk.service.jobs import JobEnvironment  # noqa: PLC0415

        dependencies = [f"dagster-pipes=={version('dagster-pipes')}"]
        environment = Environment(environment_version=_ENVIRONMENT_VERSION, dependencies=dependencies)
        return {
            "budget_policy_id": self.budget_policy_id,
            "environments": [JobEnvironment(_ENVIRONMENT, environment)],
            "idempotency_token": _token(context, replaced, number),
            "run_name": f"{replaced} (Dagster run {context.run.run_id})",
            "timeout_seconds": round(self.timeout.total_seconds()),
        }


def _task(script: str) -> "SubmitTask":
    from databricks.sdk.service.jobs import SparkPythonTask, SubmitTask  # noqa: PLC0415

    return SubmitTask(
        task_key="replace_periods",
        environment_key=_ENVIRONMENT,
        spark_python_task=SparkPythonTask(python_file=script),
    )


def _token(context: dg.AssetExecutionContext, replaced: Replacement, number: int) -> str:
    """The same for a request that is sent again, another for every attempt; at most 64 characters."""
    attempt = f"{context.run.run_id} {context.retry_number} {number} {replaced}"
    return hashlib.sha256(attempt.encode()).hexdigest()
