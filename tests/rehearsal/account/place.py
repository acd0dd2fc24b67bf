"""Whether a rehearsal may begin: who signs in is said, and the names are nobody's."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platform_cli.stacks.stack import stacks_of
from platform_contract.deployment import Deployment
from platform_contract.errors import ContractError
from platform_contract.settings import (
    DATABRICKS_REQUIREMENTS,
    OBJECT_STORAGE_REQUIREMENTS,
    SNOWFLAKE_REQUIREMENTS,
    require_settings,
)

from tests.rehearsal.production.operator_shell import OperatorShell

COMMAND_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rehearsal takes place: a checkout, the deployment to be thrown away, and a folder of this machine."""

    checkout: Path
    deployment: Deployment
    scratch: Path

    def shell(self, name: str, environment: Mapping[str, str]) -> OperatorShell:
        """A shell in which commands are given, with local stores under that name."""
        return OperatorShell(self.checkout, self.scratch / name, environment, COMMAND_SECONDS)

    def operator(self) -> OperatorShell:
        """The shell of whoever rehearses, with this process's own environment."""
        return self.shell(self.deployment.name, dict(os.environ))


def require_variables(environ: Mapping[str, str]) -> None:
    """See that the environment says who signs in.

    Raises:
        MissingSettingsError: naming all that is missing.
    """
    wanted = (*SNOWFLAKE_REQUIREMENTS, *DATABRICKS_REQUIREMENTS, *OBJECT_STORAGE_REQUIREMENTS)
    require_settings(environ, wanted, "a rehearsal on an account")


def require_unused(deployment: Deployment) -> None:
    """See that no stack is called so.

    Raises:
        ContractError: when one is, with the way to be rid of it.
    """
    there = [stack.program for stack in stacks_of(deployment) if stack.exists()]
    if there:
        raise ContractError(
            f"{deployment} is there already ({', '.join(there)}): name another, or `make destroy STACK={deployment}`"
        )
