import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from platform_contract.deployment import Deployment
from platform_contract.errors import ContractError

from platform_cli.doctor.check import Check, Finding, problem, right, warning
from platform_cli.stacks.pulumi_cli import PulumiCli, pulumi_cli
from platform_cli.stacks.state_settings import PASSPHRASE, PASSPHRASE_VARIABLES, StateSettings, state_settings

_EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class PulumiTool(Check):
    """Whether the Pulumi CLI is there, and knows what the programs' SDK asks of it."""

    @property
    def subject(self) -> str:
        """The CLI."""
        return "Pulumi CLI"

    def examine(self) -> Finding:
        """Ask for its version."""
        try:
            return right(pulumi_cli(os.environ, {}).version())
        except ContractError as error:
            return problem("none that can be used", str(error))


@dataclass(frozen=True, slots=True)
class StatePlace:
    """How to find where a deployment's state is: `infra/state.yaml`, and the root of the local stores."""

    file: Path
    local_root: Path
    deployment: Deployment

    def settings(self) -> StateSettings:
        """What file and environment say.

        Raises:
            ContractError: when they do not say it.
        """
        return state_settings(self.file, self.deployment, self.local_root, os.environ)


@dataclass(frozen=True, slots=True)
class StateBackend(Check):
    """Whether something says where the state is kept."""

    place: StatePlace

    @property
    def subject(self) -> str:
        """The backend."""
        return "state backend"

    def examine(self) -> Finding:
        """Read the settings; the shipped examples are nobody's."""
        try:
            backend = self.place.settings().backend
        except ContractError as error:
            return problem("none", str(error))
        if _EXAMPLE in backend:
            return problem(
                "still the example", f"make a versioned bucket, and put it into {self.place.file.name} as backend"
            )
        return right(backend)


@dataclass(frozen=True, slots=True)
class SecretsProvider(Check):
    """Whether something encrypts the secrets in the state."""

    place: StatePlace

    @property
    def subject(self) -> str:
        """The secrets provider."""
        return "secrets provider"

    def examine(self) -> Finding:
        """Read the settings; of a passphrase only whether there is one."""
        try:
            provider = self.place.settings().secrets_provider
        except ContractError as error:
            return problem("none", str(error))
        if _EXAMPLE in provider:
            return problem("still the example", f"make a key, and put it into {self.place.file.name}")
        if provider == PASSPHRASE and not any(os.environ.get(variable) for variable in PASSPHRASE_VARIABLES):
            return problem("a passphrase that is not set", f"set {' or '.join(PASSPHRASE_VARIABLES)}")
        return right(provider)


@dataclass(frozen=True, slots=True)
class StackState(Check):
    """Whether a program's stack is there, and was left in order by its last run."""

    program: Path
    place: StatePlace

    @property
    def subject(self) -> str:
        """The stack."""
        return f"{self.program.name} stack"

    def examine(self) -> Finding:
        """Read the state, which takes the CLI and access to the backend."""
        try:
            cli = pulumi_cli(os.environ, self.place.settings().variables)
        except ContractError:
            return warning("not looked at", "first see to the Pulumi CLI and the state backend")
        exported = export_of(cli, self.program, self.place.deployment)
        if exported.returncode != 0:
            return self._unreadable(exported.stderr)
        deployment = json.loads(exported.stdout)["deployment"]
        pending = [one["resource"]["urn"].rpartition("::")[2] for one in deployment.get("pending_operations") or []]
        if pending:
            return problem(f"a run was cut short at {', '.join(pending)}", "infra/README.md, A run that was cut short")
        return right(f"{len(deployment.get('resources') or [])} resources")

    def _unreadable(self, said: str) -> Finding:
        if is_missing(said):
            return warning("not made yet", f"make up STACK={self.place.deployment}")
        return problem("cannot be read", said.strip().splitlines()[-1] if said.strip() else "pulumi said nothing")


def export_of(cli: PulumiCli, program: Path, deployment: Deployment) -> subprocess.CompletedProcess[str]:
    """What the CLI exports of a stack's state."""
    command = [str(cli.program), "-C", str(program), "stack", "export", "--stack", deployment.name]
    return subprocess.run(command, env=cli.environment, capture_output=True, text=True, check=False)


def is_missing(said: str) -> bool:
    """Whether the CLI says that there is no such stack, rather than that it cannot look."""
    return "no stack named" in said or "no such file or directory" in said
