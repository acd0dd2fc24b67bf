from collections.abc import Mapping
from typing import Any

from tests.fakes.dagster_plus.code_server import CodeServer
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


def location_answer(name: str, entry: LocationEntry, switched: Mapping[str, bool]) -> dict[str, Any]:
    """A location as the interface shows it: loaded only once its code server has answered for it.

    Args:
        name: the location's.
        entry: what the deployment has of it.
        switched: the sensors and schedules that somebody has turned on or off.
    """
    found = None
    if entry.error is not None:
        found = python_error(entry.error)
    elif entry.server is not None:
        server = entry.server
        repositories: Any = lambda _: _repositories(server, switched)  # noqa: E731 - asked for by few queries
        found = {"__typename": "RepositoryLocation", "name": name, "repositories": repositories}
    return {"name": name, "loadStatus": "LOADED" if entry.loaded else "LOADING", "locationOrLoadError": found}


def _repositories(server: CodeServer, switched: Mapping[str, bool]) -> list[dict[str, Any]]:
    """What starts runs, and whether it does.

    By docs.dagster.io, "Automating pipelines" (schedules, sensors), both are off when they are deployed, in every
    deployment, but for those with `default_status` RUNNING; whoever turns one on or off decides until he turns it back.
    """
    return [
        {
            "name": name,
            "sensors": [_instigator(one, "sensorState", switched) for one in repository.get_sensors()],
            "schedules": [_instigator(one, "scheduleState", switched) for one in repository.get_schedules()],
        }
        for name, repository in server.load().get_repositories().items()
    ]


def _instigator(one: Any, state: str, switched: Mapping[str, bool]) -> dict[str, Any]:
    declared = one.default_status.value
    status = declared
    if one.name in switched:
        status = "RUNNING" if switched[one.name] else "STOPPED"
    return {"name": one.name, "defaultStatus": declared, state: {"status": status}}


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
