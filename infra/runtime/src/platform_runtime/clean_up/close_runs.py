from datetime import datetime, timedelta
from enum import Enum, auto

from platform_contract.deployment import Deployment
from platform_contract.github_names import MAIN_BRANCH, Workflow, close_run_title

from platform_runtime.github.github import GitHub

# Long enough for a dispatched run to be listed, and for a cause that passes to pass.
_PATIENCE = timedelta(hours=1)


class CloseState(Enum):
    """How far the removal of a closed pull request's remains has come."""

    DONE = auto()
    UNDER_WAY = auto()
    WANTED = auto()


class CloseRuns:
    """The runs of the close workflow since a moment."""

    def __init__(self, github: GitHub, since: datetime) -> None:
        self._github = github
        query = {"created": f">={since:%Y-%m-%dT%H:%M:%SZ}"}
        self._runs = list(github.items(f"actions/workflows/{Workflow.CLOSE}/runs", query, "workflow_runs"))

    def state(self, pull_request: Deployment, closed_at: datetime, now: datetime) -> CloseState:
        """What the runs for a pull request have come to since it was closed for the last time."""
        title = close_run_title(pull_request)
        runs = [
            run
            for run in self._runs
            if run["display_title"] == title and datetime.fromisoformat(run["created_at"]) >= closed_at
        ]
        if any(run["conclusion"] == "success" for run in runs):
            return CloseState.DONE
        if any(run["status"] != "completed" for run in runs):
            return CloseState.UNDER_WAY
        recent = any(datetime.fromisoformat(run["created_at"]) > now - _PATIENCE for run in runs)
        return CloseState.UNDER_WAY if recent else CloseState.WANTED

    def dispatch(self, pull_request: Deployment) -> None:
        """Start a run for a pull request, with the code of the main branch."""
        inputs = {"pull_request": str(pull_request.pull_request)}
        self._github.post(f"actions/workflows/{Workflow.CLOSE}/dispatches", {"ref": str(MAIN_BRANCH), "inputs": inputs})
