from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster import DagsterError
from graphql import ExecutionResult, GraphQLSchema, build_schema, graphql_sync

from tests.fakes.dagster_plus.answers import deployment_answer, location_answer, python_error, refused, run_answer
from tests.fakes.dagster_plus.deployment import DeploymentType, HostedDeployment, HostedRun
from tests.fakes.dagster_plus.documents import (
    alert_policy_errors,
    location_errors,
    organisation_settings_errors,
    settings_errors,
)
from tests.fakes.dagster_plus.organisation import Organisation
from tests.fakes.dagster_plus.run_storage import create_run, wanted

_NO_DEPLOYMENT = "this is asked of a deployment, not of the organisation"


def interface_schema() -> GraphQLSchema:
    """The schema that every query is checked against."""
    return build_schema(Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Interface:
    """The GraphQL interface for one request: who asks, and of which deployment."""

    organisation: Organisation
    deployment: HostedDeployment | None
    may_deploy: bool

    def answer(self, schema: GraphQLSchema, query: str, variables: Mapping[str, Any]) -> ExecutionResult:
        """Execute a query or a mutation."""
        root = self._queries() | self._mutations()
        return graphql_sync(schema, query, root_value=root, variable_values=dict(variables))

    def _queries(self) -> dict[str, Any]:
        return {
            "fullDeployments": lambda _: self._deployments(DeploymentType.PRODUCTION),
            "branchDeployments": self._branch_deployments,
            "deploymentByName": self._deployment_by_name,
            "currentDeployment": lambda _: deployment_answer(self._asked()),
            "agents": self._agents,
            "workspaceOrError": self._workspace,
            "deploymentSettings": lambda _: {"settings": self._asked().settings},
            "organizationSettings": lambda _: {"settings": self.organisation.settings},
            "runOrError": self._run,
        }

    def _mutations(self) -> dict[str, Any]:
        changes = {
            "createOrUpdateBranchDeployment": self._create_or_update_branch,
            "deleteDeployment": self._delete,
            "deployLocations": self._deploy,
            "setDeploymentSettings": self._set_settings,
            "setOrganizationSettings": self._set_organisation_settings,
            "reconcileAlertPoliciesFromDocument": self._reconcile_alerts,
            "launchRun": self._launch,
        }
        allowed = changes if self.may_deploy else dict.fromkeys(changes, _unauthorised)
        return {**allowed, "markCliEvent": self._mark_event}

    def _asked(self) -> HostedDeployment:
        if self.deployment is None:
            raise ValueError(_NO_DEPLOYMENT)
        return self.deployment

    def _deployments(self, kind: DeploymentType) -> list[dict[str, Any]]:
        return [deployment_answer(one) for one in self.organisation.deployments.values() if one.kind is kind]

    def _branch_deployments(self, _: object, limit: int, **filters: str) -> dict[str, Any]:
        status = filters.get("pullRequestStatus")
        nodes = self._deployments(DeploymentType.BRANCH)
        wanted = (n for n in nodes if status in (None, n["branchDeploymentGitMetadata"]["pullRequestStatus"]))
        return {"nodes": list(wanted)[:limit]}

    def _deployment_by_name(self, _: object, name: str) -> Mapping[str, Any]:
        found = self.organisation.deployments.get(name)
        return refused("DeploymentNotFoundError", name) if found is None else deployment_answer(found)

    def _agents(self, _: object) -> list[dict[str, Any]]:
        agent = self.organisation.agent_of(self._asked())
        return [{"status": "RUNNING" if agent.running else "NOT_RUNNING", "errors": []}]

    def _workspace(self, _: object) -> dict[str, Any]:
        asked = self._asked()
        entries = [location_answer(name, entry, asked.switched) for name, entry in list(asked.locations.items())]
        return {"__typename": "Workspace", "locationEntries": entries}

    def _run(self, _: object, runId: str) -> Mapping[str, Any]:  # noqa: N803 - the interface's name
        run = self._asked().runs.get(runId)
        return refused("RunNotFoundError", f"Run {runId} could not be found.") if run is None else run_answer(run)

    def _create_or_update_branch(self, _: object, **sent: Any) -> dict[str, Any]:
        branch, commit, base = sent["branchData"], sent["commit"], sent.get("baseDeploymentName")
        if base is not None and base not in self.organisation.deployments:
            return python_error(f"Could not find base deployment {base}")
        return deployment_answer(self.organisation.create_or_update_branch(branch, commit, base))

    def _delete(self, _: object, deploymentId: int) -> Mapping[str, Any]:  # noqa: N803 - the interface's name
        deployments = self.organisation.deployments.values()
        found = next((one for one in deployments if one.deployment_id == deploymentId), None)
        if found is None:
            return refused("DeploymentNotFoundError", str(deploymentId))
        self.organisation.delete(found)
        return deployment_answer(found)

    def _deploy(self, _: object, document: dict[str, Any]) -> Mapping[str, Any]:
        deployment = self._asked()
        documents = document["locations"]
        errors = [error for location in documents for error in location_errors(location)]
        if errors:
            return {"__typename": "InvalidLocationError", "errors": errors}
        if deployment.closed:
            return python_error(f"Deployment {deployment.name} is closed")
        self.organisation.deploy(deployment, documents)
        named = [{"locationName": location["location_name"]} for location in documents]
        return {"__typename": "DeployLocationsSuccess", "locations": named}

    def _set_settings(self, _: object, deploymentSettings: dict[str, Any]) -> Mapping[str, Any]:  # noqa: N803
        settings = deploymentSettings["settings"]
        errors = settings_errors(settings)
        if errors:
            return python_error("; ".join(errors))
        self._asked().settings = settings
        return {"__typename": "DeploymentSettings", "settings": settings}

    def _set_organisation_settings(self, _: object, organizationSettings: dict[str, Any]) -> Mapping[str, Any]:  # noqa: N803
        """Put what is sent in place of all that there is."""
        settings, present = organizationSettings["settings"], self.organisation.settings
        errors = organisation_settings_errors({key: one for key, one in settings.items() if key not in present})
        if errors:
            return python_error("; ".join(errors))
        self.organisation.settings = settings
        return {"__typename": "OrganizationSettings", "settings": settings}

    def _reconcile_alerts(self, _: object, document: object) -> Mapping[str, Any]:
        errors = alert_policy_errors(document)
        if errors or not isinstance(document, dict):
            return refused("InvalidAlertPolicyError", "; ".join(errors))
        self._asked().alert_policies = document["alert_policies"]
        return {"__typename": "ReconcileAlertPoliciesSuccess", "alertPolicies": document["alert_policies"]}

    def _launch(self, _: object, executionParams: dict[str, Any]) -> Mapping[str, Any]:  # noqa: N803
        deployment, selector = self._asked(), executionParams["selector"]
        location, job = selector["repositoryLocationName"], selector["jobName"]
        entry = deployment.locations.get(location)
        if entry is None or entry.server is None or job not in entry.server.jobs():
            return refused("PipelineNotFoundError", f"Could not find Pipeline {location}.__repository__.{job}")
        try:
            stored = create_run(deployment.home, entry.server, wanted(executionParams))
        except DagsterError as error:
            return refused("InvalidSubsetError", str(error))
        run = HostedRun(stored.run_id, job, location, dict(stored.tags))
        deployment.runs[run.run_id] = run
        self.organisation.agent_of(deployment).run(deployment, run)
        return {"__typename": "LaunchRunSuccess", "run": run_answer(run)}

    def _mark_event(self, _: object, **event: Any) -> str:
        self.organisation.events.append(event)
        return "ok"


def _unauthorised(_: object, **sent: Any) -> Mapping[str, Any]:
    return refused("UnauthorizedError", "User does not have permission to do this")
