import os
from dataclasses import dataclass
from pathlib import Path

from platform_contract.automation import automation_is_on
from platform_contract.databricks_names import DatabricksNames
from platform_contract.demo_mode import check_demo_mode
from platform_contract.deployment import Deployment
from platform_contract.local_paths import LocalPaths, local_root
from platform_contract.resolution import resolve_deployment
from platform_contract.snowflake_names import SnowflakeNames

from platform_runtime.automation import Automation


@dataclass(frozen=True, slots=True)
class PlatformContext:
    """Which deployment this process serves and on which engine; what a component asks before it picks a resource."""

    deployment: Deployment
    demo_mode: bool

    @property
    def automation(self) -> Automation:
        """Whether sensors and schedules run from the first load.

        Raises:
            ContractError: when the environment says it in a way that is none.
        """
        return Automation(automation_is_on(os.environ))

    @property
    def local_paths(self) -> LocalPaths:
        """Where the deployment's local stores are.

        Raises:
            ContractError: outside a checkout, when PLATFORM_LOCAL_ROOT is not set either.
        """
        return LocalPaths(local_root(os.environ, Path.cwd()), self.deployment)

    @property
    def snowflake(self) -> SnowflakeNames:
        """The deployment's names in Snowflake."""
        return SnowflakeNames(self.deployment)

    @property
    def databricks(self) -> DatabricksNames:
        """The deployment's names in Databricks."""
        return DatabricksNames(self.deployment)


def platform_context(demo_mode: bool) -> PlatformContext:
    """The context of this process for a component that declares `demo_mode`.

    Raises:
        ContractError: when the environment names no legal deployment, or one that cannot have that engine.
    """
    deployment = resolve_deployment(os.environ)
    check_demo_mode(demo_mode, deployment, os.environ)
    return PlatformContext(deployment, demo_mode)
