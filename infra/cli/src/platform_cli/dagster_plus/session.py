import os
from dataclasses import dataclass
from pathlib import Path

from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.errors import ContractError
from platform_contract.local_paths import checkout

from platform_cli.dagster_plus.branch_deployments import BranchDeployment, branch_deployments
from platform_cli.dagster_plus.cloud_cli import CloudCli, cloud_cli
from platform_cli.dagster_plus.organisation import Organisation, organisation
from platform_cli.dagster_plus.repository import Repository, repository

# A deployment of minutes is not given up for an answer that is lost.
_RETRIES = 3


@dataclass(frozen=True, slots=True)
class Session:
    """What a command needs to change deployments: the organisation, the CLI, the repository that is deployed."""

    checkout: Path
    organisation: Organisation
    cli: CloudCli
    repository: Repository

    def existing_name(self, deployment: Deployment) -> str:
        """Dagster+'s name of a deployment.

        Raises:
            ContractError: when it is not there.
        """
        if not deployment.has(Trait.PULL_REQUEST):
            return self._full_deployment(deployment)
        found = self.branch_deployments(deployment)
        if not found:
            raise ContractError(
                f"Dagster+ has no branch deployment for {deployment} of {self.repository.name}: "
                f"make it with `platform deploy --deployment {deployment}`"
            )
        return found[0].name

    def ready_name(self, deployment: Deployment) -> str:
        """Dagster+'s name of a deployment that can be deployed to; a pull request's is made where there is none.

        Raises:
            ContractError: when a standing one is not there, or the token is refused.
            CloudCliError: when the branch deployment cannot be made.
        """
        if not deployment.has(Trait.PULL_REQUEST):
            return self._full_deployment(deployment)
        self._full_deployment(deployments().cloned)
        return self.record_pull_request(deployment, deployment.name, "OPEN")

    def branch_deployments(self, deployment: Deployment) -> tuple[BranchDeployment, ...]:
        """The branch deployments of a pull request: none, or one."""
        return branch_deployments(self.organisation, self.repository.name, deployment)

    def record_pull_request(self, deployment: Deployment, branch: str, status: str) -> str:
        """Make or update the branch deployment of a pull request; its name in Dagster+.

        In Dagster+ its branch is called `pr-<n>` like everything else of the deployment: found again by the number
        alone when the branch is gone, and never shared by two pull requests from one branch.

        Args:
            deployment: the pull request's deployment.
            branch: the branch's name in Dagster+.
            status: OPEN or CLOSED.
        """
        options = {
            "--url": self.organisation.url,
            "--git-repo-name": self.repository.name,
            "--branch-name": branch,
            "--branch-url": self.repository.commit_url,
            "--pull-request-id": str(deployment.pull_request),
            "--pull-request-url": self.repository.pull_request_url(deployment),
            "--pull-request-status": status,
            "--base-deployment-name": deployments().cloned.name,
        }
        words = [word for option in options.items() for word in option]
        printed = self.cli.run(
            f"{deployment}: marking it {status}", "branch-deployment", "create-or-update", *words, "--read-git-state"
        )
        return printed[-1]

    def _full_deployment(self, deployment: Deployment) -> str:
        if deployment.name not in self.organisation.full_deployments():
            raise ContractError(
                f"organisation {self.organisation.name} of Dagster+ has no full deployment {deployment}: "
                "create it there (infra/README.md, 7. Dagster+)"
            )
        return deployment.name


def open_session() -> Session:
    """The session of this process, by its working directory and environment.

    Raises:
        ContractError: outside a checkout, or when the environment lacks what Dagster+ is reached by.
    """
    root = checkout(Path.cwd())
    reached = organisation(os.environ, _RETRIES)
    return Session(root, reached, cloud_cli(reached, root, os.environ), repository(os.environ, root))
