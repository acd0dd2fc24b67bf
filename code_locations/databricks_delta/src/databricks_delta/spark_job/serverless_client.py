from typing import override

import dagster as dg
from dagster._core.errors import DagsterPipesExecutionError
from dagster_databricks.pipes import PipesDatabricksServerlessClient
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors.base import DatabricksError
from databricks.sdk.service.jobs import Run, RunResultState

from databricks_delta.spark_job.discreet_messages import DiscreetMessageReader
from databricks_delta.spark_job.job_failure import run_failure
from databricks_delta.spark_job.replacement import Replacement

_SECONDS_BETWEEN_LOOKS = 2


class ServerlessClient(PipesDatabricksServerlessClient):
    """Dagster Pipes' own client, which says what to do when the job does not succeed."""

    def __init__(self, client: WorkspaceClient, volume: str, replaced: Replacement) -> None:
        # Spark's own log repeats values of rows on stderr, cut into pieces anywhere; it is read in the workspace.
        reader = DiscreetMessageReader(
            interval=_SECONDS_BETWEEN_LOOKS, client=client, volume_path=volume, include_stdio_in_messages=False
        )
        super().__init__(client, volume, message_reader=reader, poll_interval_seconds=_SECONDS_BETWEEN_LOOKS)
        self._replaced = replaced

    @override
    def _poll_til_success(self, context: dg.OpExecutionContext | dg.AssetExecutionContext, run_id: int) -> None:
        context.log.info(f"{self._replaced}: {self.client.jobs.get_run(run_id).run_page_url}")
        try:
            super()._poll_til_success(context, run_id)
        except DagsterPipesExecutionError:
            run = self.client.jobs.get_run(run_id)
            failed = run_failure(self._replaced, run, self._last_words(run))
        else:
            return
        # Outside of the handler: as its context, what the library raised would go to the event log.
        raise failed

    def was_cancelled(self, run_id: int) -> bool:
        """Whether the run was cut short: the library ends one when Dagster's own is terminated, and says nothing."""
        return self._get_run_state(run_id).result_state is not RunResultState.SUCCESS

    def _last_words(self, run: Run) -> str:
        """What the task itself said of its end; of a run, Databricks says only that a task failed."""
        tasks = [task.run_id for task in run.tasks or [] if task.run_id is not None]
        try:
            return self.client.jobs.get_run_output(tasks[0]).error or "" if tasks else ""
        except DatabricksError:
            return ""
