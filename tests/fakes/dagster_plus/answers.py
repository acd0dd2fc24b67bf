from collections.abc import Mapping
from typing import Any

from tests.fakes.dagster_plus.deployment import DeploymentType, HostedDeployment, HostedRun, LocationEntry


def deployment_answer(deployment: HostedDeployment) -> dict[str, Any]:
    """A deployment as the interface shows it."""
    branch = deployment.kind is DeploymentType.BRANCH
    return {
        "__typename": "DagsterCloudDeployment",
        "deploymentId": deployment.deployment_id,
        "deploymentName": deployment.name,
        "deploymentType": deployment.kind.value,
        "agentType": "HYBRID",
        "isBranchDeployment": branch,
        "branchDeploymentGitMetadata": deployment.branch,
        "latestCommit": deployment.commit,
    }


def location_answer(name: str, entry: LocationEntry) -> dict[str, Any]:
    """A location as the interface shows it: loaded only once its code server has answered for it."""
    found = None
    if entry.error is not None:
        found = python_error(entry.error)
    elif entry.server is not None:
        found = {"__typename": "RepositoryLocation", "name": name}
    return {"name": name, "loadStatus": "LOADED" if entry.loaded else "LOADING", "locationOrLoadError": found}


def run_answer(run: HostedRun) -> dict[str, Any]:
    """A run as the interface shows it."""
    tags = [{"key": key, "value": value} for key, value in run.tags.items()]
    return {
        "__typename": "Run",
        "id": run.run_id,
        "runId": run.run_id,
        "status": run.status,
        "tags": tags,
        "runConfigYaml": "{}\n",
    }


def python_error(message: str) -> dict[str, Any]:
    """A failure as the interface shows it."""
    return {"__typename": "PythonError", "message": message, "stack": [], "errorChain": []}


def refused(kind: str, message: str) -> Mapping[str, Any]:
    """A refusal that has a type of its own."""
    return {"__typename": kind, "message": message}
