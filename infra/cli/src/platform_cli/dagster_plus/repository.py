import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dagster_cloud_cli.core.git_repo_context import discover_repo_owner_and_name
from platform_contract.deployment import Deployment
from platform_contract.errors import ContractError

_SERVER_VARIABLE = "GITHUB_SERVER_URL"
_PUBLIC_SERVER = "https://github.com"


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that a deployment is made from: `owner/name`, where people read it, and the checked-out commit."""

    name: str
    url: str
    commit: str

    @property
    def commit_url(self) -> str:
        """Where people read the tree of the commit."""
        return f"{self.url}/tree/{self.commit}"

    def pull_request_url(self, deployment: Deployment) -> str:
        """Where people discuss the pull request that a deployment belongs to."""
        return f"{self.url}/pull/{deployment.pull_request}"


def repository(environ: Mapping[str, str], checkout: Path) -> Repository:
    """The repository of a checkout: as CI names it, else by its remote `origin`.

    Raises:
        ContractError: when neither says which it is, or nothing is committed.
    """
    owner, name = discover_repo_owner_and_name(str(checkout))
    if owner is None or name is None:
        raise ContractError(
            f"{checkout} does not say which repository it is: set GITHUB_REPOSITORY=<owner>/<name>, "
            "or give the checkout a remote `origin`"
        )
    server = environ.get(_SERVER_VARIABLE) or _PUBLIC_SERVER
    return Repository(f"{owner}/{name}", f"{server}/{owner}/{name}", _commit(checkout))


def _commit(checkout: Path) -> str:
    command = ["git", "-C", str(checkout), "rev-parse", "HEAD"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise ContractError(f"{checkout} has no commit to deploy: {asked.stderr.strip()}")
    return asked.stdout.strip()
