import hashlib
import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from dagster import DagsterInstance

from tests.fakes.container_registry import ImageRegistry
from tests.fakes.dagster_plus.agent import Agent
from tests.fakes.dagster_plus.deployment import DeploymentType, HostedDeployment, LocationEntry
from tests.fakes.dagster_plus.namespace import Namespace
from tests.fakes.dagster_plus.pod_volumes import Cluster
from tests.fakes.workload_identity import IdentityIssuer

AGENT_QUEUE = "data-platform"
# What an organisation starts with, by the same page that says whose settings branch deployments take; the other one is
# somebody else's, whom no file of ours knows.
_SETTINGS_AT_FIRST: Mapping[str, Any] = {"max_concurrent_branch_deployment_runs": 50, "set_by_somebody_else": True}
# Who pushes to the registry: the roles of the repository's environments on GitHub.
RELEASER, PULL_REQUESTER = (f"arn:aws:iam::111111111111:role/{name}" for name in ("dev", "pull-requests"))
CLUSTER_ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/example"
# A namespace for each agent, by the sort of deployment that it serves, as infra/README.md names them.
NAMESPACES: Mapping[str, str] = MappingProxyType(
    {"prod": "data-platform-prod", "dev": "data-platform-dev", "branch": "data-platform-pull-requests"}
)


@dataclass(slots=True)
class Organisation:
    """An organisation of Dagster+: its deployments, the agents that serve them, and who may do what."""

    home: Path
    images: ImageRegistry
    agents: Mapping[str, Agent]
    deployments: dict[str, HostedDeployment] = field(default_factory=dict)
    deployers: set[str] = field(default_factory=set)
    viewers: set[str] = field(default_factory=set)
    events: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=lambda: dict(_SETTINGS_AT_FIRST))
    _ids: itertools.count = field(default_factory=lambda: itertools.count(1))

    def issue_token(self, *, may_deploy: bool) -> str:
        """A new token."""
        token = f"user:test:{secrets.token_hex(16)}"
        (self.deployers if may_deploy else self.viewers).add(token)
        return token

    def add_full_deployment(self, name: str) -> HostedDeployment:
        """Make a full deployment, as an administrator does it in the UI."""
        return self._add(name, DeploymentType.PRODUCTION)

    def settings_in_force(self, deployment: HostedDeployment) -> Mapping[str, Any]:
        """The settings that a deployment runs by: all branch deployments the organisation's, whatever their base.

        https://docs.dagster.io/deployment/dagster-plus/deploying-code/branch-deployments/branch-deployment-concurrency
        """
        return self.settings if deployment.kind is DeploymentType.BRANCH else deployment.settings

    def branch_name(self, repository: str, branch: str) -> str:
        """The name of the branch deployment of a branch: a hash, the same each time."""
        return hashlib.sha256(f"{repository}/{branch}".encode()).hexdigest()[:40]

    def create_or_update_branch(
        self, branch: dict[str, Any], commit: dict[str, Any], base: str | None
    ) -> HostedDeployment:
        """Make a branch deployment, or bring what is known of its branch up to date."""
        name = self.branch_name(branch["repoName"], branch["branchName"])
        deployment = self.deployments.get(name) or self._add(name, DeploymentType.BRANCH)
        deployment.branch = {"pullRequestStatus": "OPEN"} | {k: v for k, v in branch.items() if v is not None}
        deployment.commit, deployment.base = commit, base
        if deployment.closed:
            deployment.stop()
        return deployment

    def delete(self, deployment: HostedDeployment) -> None:
        """Forget a deployment, and stop what it runs."""
        deployment.stop()
        del self.deployments[deployment.name]

    def agent_of(self, deployment: HostedDeployment) -> Agent:
        """The agent that serves a deployment: each full one has its own, branch deployments share one."""
        return self.agents["branch" if deployment.kind is DeploymentType.BRANCH else deployment.name]

    def deploy(self, deployment: HostedDeployment, documents: list[dict[str, Any]]) -> None:
        """Have the locations served; a location stays as it was while no agent takes the work from its queue."""
        agent = self.agent_of(deployment)
        for document in documents:
            name, entry = document["location_name"], LocationEntry(document)
            before = deployment.locations.get(name)
            deployment.locations[name] = entry
            if before is not None:
                before.stop()
            if agent.running and document.get("agent_queue") == agent.queue:
                agent.serve(deployment, name, entry)

    def stop(self) -> None:
        """Stop everything that runs."""
        for agent in self.agents.values():
            agent.finish()
        for deployment in self.deployments.values():
            deployment.stop()

    def _add(self, name: str, kind: DeploymentType) -> HostedDeployment:
        home = self.home / name
        home.mkdir(parents=True, exist_ok=True)
        (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
        _make_storage(home)
        deployment = HostedDeployment(next(self._ids), name, kind, home)
        self.deployments[name] = deployment
        return deployment


def _make_storage(home: Path) -> None:
    """The deployment's storage is there before its code servers, which would make it under each other's hands."""
    with DagsterInstance.from_config(str(home)) as instance:
        instance.get_runs_count()


def make_repositories(organisation: Organisation, folder: str) -> None:
    """The two repositories of a folder of the registry, as infra/README.md has them made."""
    roles = {sort: agent.role for sort, agent in organisation.agents.items()}
    organisation.images.create(f"{folder}/release", pushers={RELEASER}, pullers={roles["prod"], roles["dev"]})
    organisation.images.create(f"{folder}/pull-requests", pushers={PULL_REQUESTER}, pullers={roles["branch"]})


def new_organisation(home: Path) -> Organisation:
    """An organisation with the full deployments prod and dev, and an agent for each sort of deployment."""
    images = ImageRegistry()
    cluster = Cluster(IdentityIssuer(CLUSTER_ISSUER, rsa.generate_private_key(public_exponent=65537, key_size=2048)))
    agents = {
        sort: Agent(images, f"nodes-of-{sort}", AGENT_QUEUE, Namespace(namespace), cluster)
        for sort, namespace in NAMESPACES.items()
    }
    organisation = Organisation(home, images, agents)
    for name in ("prod", "dev"):
        organisation.add_full_deployment(name)
    return organisation
