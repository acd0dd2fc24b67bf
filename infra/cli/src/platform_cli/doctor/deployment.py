import os
from dataclasses import dataclass

from platform_contract.demo_mode import check_demo_mode, default_demo_mode
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError
from platform_contract.settings import Requirement, require_settings

from platform_cli.doctor.check import Check, Finding, problem, right


@dataclass(frozen=True, slots=True)
class DeploymentNames(Check):
    """Which deployment's names are in use."""

    deployment: Deployment

    @property
    def subject(self) -> str:
        """The deployment."""
        return "deployment"

    def examine(self) -> Finding:
        """Say which, and what said so."""
        stated = os.environ.get(EnvironmentVariable.PLATFORM_DEPLOYMENT)
        source = f"by {EnvironmentVariable.PLATFORM_DEPLOYMENT}" if stated else "by default"
        return right(f"{self.deployment} ({source})")


@dataclass(frozen=True, slots=True)
class Engine(Check):
    """On which engine `demo_mode: "{{ demo_mode }}"` runs, and whether the deployment can have it."""

    deployment: Deployment

    @property
    def subject(self) -> str:
        """The engine."""
        return "engine"

    def examine(self) -> Finding:
        """Resolve demo mode as a component would."""
        try:
            demo_mode = default_demo_mode(os.environ)
            check_demo_mode(demo_mode, self.deployment, os.environ)
        except ContractError as error:
            return problem("none", str(error))
        return right("this machine (demo mode)" if demo_mode else "the cloud (demo mode is off)")


@dataclass(frozen=True, slots=True)
class CloudSettings(Check):
    """Whether the environment has what one cloud needs."""

    cloud: str
    requirements: tuple[Requirement, ...]

    @property
    def subject(self) -> str:
        """The settings of that cloud."""
        return f"{self.cloud} settings"

    def examine(self) -> Finding:
        """Look for every setting; names may be shown, values never."""
        try:
            chosen = require_settings(os.environ, self.requirements, self.cloud)
        except ContractError as error:
            return problem("incomplete", str(error))
        return right(f"set: {', '.join(chosen)}")
