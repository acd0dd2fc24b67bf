import hashlib
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import dagster as dg

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
    """

    client: "WorkspaceClient"
    volume: str
    timeout: timedelta

    def run(self, context: dg.AssetExecutionContext, replaced: Replacement) -> None:
        """Replace the months, hand the job's logs to the run and its numbers to the materialisation.

        A job whose Dagster run is terminated is cancelled.

        Raises:
            LakehouseError: when the job does not succeed, or Databricks refuses it; it begins with what to do.
        """
        try:
            context.add_asset_metadata(self._reported(context, replaced))
        except OSError as error:
            # Databricks' refusals are OSErrors, as broken connections are.
            raise refusal(replaced, error, self.volume) from error

    def _reported(self, context: dg.AssetExecutionContext, replaced: Replacement) -> dict[str, Any]:
        # Imports Spark's client, which takes seconds.
        from databricks_delta.spark_job.serverless_client import ServerlessClient  # noqa: PLC0415

        pipes = ServerlessClient(self.client, self.volume, replaced)
        task = _task(uploaded_script(self.client, self.volume))
        done = pipes.run(
            context=context, extras=replaced.extras, task=task, submit_args=self._submission(context, replaced)
        )
        if pipes.was_cancelled(int(str(done.metadata["Databricks Job Run ID"].value))):
            raise dg.DagsterExecutionInterruptedError
        return dict(done.get_materialize_result(implicit_materialization=False).metadata or {})

    def _submission(self, context: dg.AssetExecutionContext, replaced: Replacement) -> dict[str, Any]:
        from databricks.sdk.service.compute import Environment  # noqa: PLC0415
        from databricks.sdk.service.jobs import JobEnvironment  # noqa: PLC0415

        dependencies = [f"dagster-pipes=={version('dagster-pipes')}"]
        environment = Environment(environment_version=_ENVIRONMENT_VERSION, dependencies=dependencies)
        return {
            "environments": [JobEnvironment(_ENVIRONMENT, environment)],
            "idempotency_token": _token(context, replaced),
            "run_name": f"{replaced} (Dagster run {context.run.run_id})",
            "timeout_seconds": round(self.timeout.total_seconds()),
        }


def _task(script: str) -> "SubmitTask":
    from databricks.sdk.service.jobs import SparkPythonTask, SubmitTask  # noqa: PLC0415

    return SubmitTask(
        task_key="replace_months",
        environment_key=_ENVIRONMENT,
        spark_python_task=SparkPythonTask(python_file=script),
    )


def _token(context: dg.AssetExecutionContext, replaced: Replacement) -> str:
    """The same for a request that is sent again, another for every attempt of a step; at most 64 characters."""
    attempt = f"{context.run.run_id} {context.retry_number} {replaced}"
    return hashlib.sha256(attempt.encode()).hexdigest()
