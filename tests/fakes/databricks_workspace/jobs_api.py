import itertools
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.fakes.databricks_sql.sql_error import SqlError
from tests.fakes.databricks_workspace.endpoint import Endpoint, Request, Response, error_response, json_response
from tests.fakes.databricks_workspace.serverless_compute import Script, ServerlessCompute

_ERROR_LINES = 15
_LONGEST_SECONDS = 600


class _Life(StrEnum):
    RUNNING = "RUNNING"
    TERMINATED = "TERMINATED"
    INTERNAL_ERROR = "INTERNAL_ERROR"


@dataclass(slots=True)
class JobRun:
    """One submitted run: what was asked for, how far it is, and what it wrote."""

    id: int
    submitted: Mapping[str, Any]
    started_at: float = field(default_factory=time.time)
    life: str = _Life.RUNNING
    result: str | None = None
    message: str = ""
    output: str = ""
    script: Script | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.life != _Life.RUNNING


class JobsApi(Endpoint):
    """One-time runs of Python scripts on serverless compute: submit, get, cancel, get-output.

    `budget_policies` holds the ids of the policies that whoever submits may use. Where there is any, a run has to name
    it, and it may name no other: docs.databricks.com, Attribute usage with serverless budget policies. Databricks would
    take the only one, or of several the first by name, which may be another deployment's: what nobody named is refused.
    """

    prefix = "/api/2.2/jobs/runs/"

    def __init__(self, compute: ServerlessCompute) -> None:
        self.runs: dict[int, JobRun] = {}
        self.budget_policies: set[str] = set()
        self._compute = compute
        self._ids = itertools.count(1)
        self._by_token: dict[str, int] = {}
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Response:
        action = request.path.removeprefix(self.prefix)
        if action == "submit":
            return self._submit(json.loads(request.body))
        asked = request.query if request.method == "GET" else json.loads(request.body)
        run = self.runs.get(int(asked.get("run_id", 0)))
        if run is None:
            return error_response(400, "INVALID_PARAMETER_VALUE", f"Run {asked.get('run_id')} does not exist.")
        match action:
            case "get":
                return json_response(_described(run))
            case "get-output":
                return json_response({"error": run.message, "logs": run.output, "metadata": _described(run)})
            case "cancel":
                self._end(run, "CANCELED", "Run cancelled.")
                return json_response({})
            case _:
                return error_response(404, "ENDPOINT_NOT_FOUND", f"No API found for {request.path}")

    def cancel_all(self) -> None:
        """End every run."""
        for run in self.runs.values():
            self._end(run, "CANCELED", "The workspace stopped.")

    def _submit(self, body: Mapping[str, Any]) -> Response:
        refused = _refusal(body) or self._budget_refusal(body)
        if refused is not None:
            return error_response(400, "INVALID_PARAMETER_VALUE", refused)
        token = body.get("idempotency_token")
        with self._lock:
            if token in self._by_token:
                return json_response({"run_id": self._by_token[token]})
            run = JobRun(next(self._ids), body)
            self.runs[run.id] = run
            if token:
                self._by_token[token] = run.id
        threading.Thread(target=self._run, args=[run], name=f"job-run-{run.id}", daemon=True).start()
        return json_response({"run_id": run.id})

    def _budget_refusal(self, body: Mapping[str, Any]) -> str | None:
        named = body.get("budget_policy_id")
        if named is None and self.budget_policies:
            return "A serverless run needs a budget_policy_id in this account, and this one has none."
        if named is not None and named not in self.budget_policies:
            return f"Budget policy {named} does not exist, or the user may not use it."
        return None

    def _run(self, run: JobRun) -> None:
        seconds = run.submitted.get("timeout_seconds") or _LONGEST_SECONDS
        for task in run.submitted["tasks"]:
            if not self._run_task(run, task["spark_python_task"], seconds):
                return
        self._end(run, "SUCCESS", "")

    def _run_task(self, run: JobRun, task: Mapping[str, Any], seconds: float) -> bool:
        """Whether the task succeeded; if not, the run is over."""
        try:
            script = self._compute.start(task["python_file"], task.get("parameters", []), f"run-{run.id}")
        except SqlError as error:
            self._end(run, None, f"Cannot read the python file {task['python_file']}: {error}")
            return False
        run.script = script
        code = script.wait(seconds)
        run.output = script.output
        if code:
            self._end(run, "FAILED", "\n".join(run.output.splitlines()[-_ERROR_LINES:]))
        elif code is None:
            self._end(run, "TIMEDOUT", f"Run timed out after {seconds} seconds.")
        return code == 0

    def _end(self, run: JobRun, result: str | None, message: str) -> None:
        with self._lock:
            if run.is_over:
                return
            run.result, run.message = result, message
            run.life = _Life.TERMINATED if result else _Life.INTERNAL_ERROR
        if run.script is not None:
            run.script.kill()
            run.output = run.script.output


def _refusal(body: Mapping[str, Any]) -> str | None:
    """Why Databricks would not accept the run, None where it would."""
    tasks = body.get("tasks") or []
    known = {environment["environment_key"] for environment in body.get("environments") or []}
    if not tasks:
        return "The run has no tasks."
    for task in tasks:
        key = task.get("environment_key")
        if "spark_python_task" not in task:
            return f"The stand-in runs spark_python_task alone, and task {task.get('task_key')} is another."
        if key is None:
            return f"A serverless task needs an environment_key, and task {task.get('task_key')} has none."
        if key not in known:
            return f"The environment_key '{key}' of task {task.get('task_key')} is not among the environments."
    return None


def _described(run: JobRun) -> dict[str, Any]:
    state = {"life_cycle_state": str(run.life), "state_message": run.message}
    if run.result is not None:
        state["result_state"] = run.result
    return {
        "run_id": run.id,
        "run_name": run.submitted.get("run_name", "Untitled"),
        "run_page_url": f"https://localhost/#job/runs/{run.id}",
        "start_time": int(run.started_at * 1000),
        "state": state,
        "tasks": [
            {"run_id": run.id, "state": state, "task_key": task.get("task_key")} for task in run.submitted["tasks"]
        ],
    }
