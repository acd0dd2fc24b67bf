import os
from dataclasses import dataclass
from pathlib import Path

from platform_contract.deployment import Deployment
from platform_infra.stack_settings.errors import StackSettingsError

from platform_cli.doctor.check import Check, Finding, right, warning
from platform_cli.doctor.snowflake_settings import read_snowflake_settings

_VARIABLE = "SNOWFLAKE_WAREHOUSE"


@dataclass(frozen=True, slots=True)
class DeployWarehouse(Check):
    """Whether what a stack asks for takes a warehouse of whoever applies it, and whether one is named."""

    program: Path
    deployment: Deployment

    @property
    def subject(self) -> str:
        """The warehouse."""
        return "deploy warehouse"

    def examine(self) -> Finding:
        """Read the settings and the environment; the user's own default is Snowflake's to know."""
        try:
            settings = read_snowflake_settings(self.program, self.deployment)
        except StackSettingsError:
            return warning("not looked at", "first see to the Snowflake settings")
        if not settings.tags:
            return right("none needed: tags is off")
        if os.environ.get(_VARIABLE):
            return right(f"{_VARIABLE} is set")
        return warning(
            f"tags is on, which takes a warehouse, and {_VARIABLE} is not set",
            "set it, or see that the user has a DEFAULT_WAREHOUSE: infra/README.md, 3. Who applies the stacks",
        )
