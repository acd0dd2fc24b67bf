import os
from dataclasses import dataclass
from pathlib import Path

from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths, checkout, local_root
from platform_contract.resolution import resolve_deployment


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a command works: a checkout, and the local stores of one deployment."""

    checkout: Path
    paths: LocalPaths

    @property
    def deployment(self) -> Deployment:
        """The deployment whose stores these are."""
        return self.paths.deployment

    @property
    def workspace_file(self) -> Path:
        """The list of code locations that Dagster loads."""
        return self.checkout / "workspace.yaml"

    @property
    def environment(self) -> dict[str, str]:
        """What a Dagster process of this deployment must find in its environment."""
        return {
            EnvironmentVariable.PLATFORM_DEPLOYMENT: self.deployment.name,
            EnvironmentVariable.PLATFORM_LOCAL_ROOT: str(self.paths.root),
            EnvironmentVariable.DAGSTER_HOME: str(self.paths.dagster_home),
            EnvironmentVariable.DAGSTER_DISABLE_TELEMETRY: "yes",
            EnvironmentVariable.DO_NOT_TRACK: "1",
        }


def current_workplace() -> Workplace:
    """The workplace of this process, by its working directory and environment.

    Raises:
        ContractError: outside a checkout, or when the environment names no legal deployment.
    """
    return workplace_of(resolve_deployment(os.environ))


def workplace_of(deployment: Deployment) -> Workplace:
    """The workplace of a deployment in the checkout of the working directory.

    Raises:
        ContractError: outside a checkout.
    """
    here = Path.cwd()
    return Workplace(checkout(here), LocalPaths(local_root(os.environ, here), deployment))
