import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_contract.deployment import Deployment
from platform_contract.local_paths import checkout, local_root

from platform_cli.stacks.programs import programs_of
from platform_cli.stacks.pulumi_cli import PulumiCli, pulumi_cli
from platform_cli.stacks.state_settings import StateSettings, state_settings

_LOCAL_BACKEND = "file://"


@dataclass(frozen=True, slots=True)
class Stack:
    """One program's stack of one deployment."""

    program: str
    folder: Path
    deployment: Deployment
    state: StateSettings
    cli: PulumiCli

    def exists(self) -> bool:
        """Whether it has been made."""
        return self.listed() is not None

    def listed(self) -> dict[str, Any] | None:
        """What the backend's list says of it (`lastUpdate`, `resourceCount`), None where it is not there."""
        return self.program_stacks().get(self.deployment.name)

    def program_stacks(self) -> dict[str, dict[str, Any]]:
        """Every stack of the program in this stack's backend, by its own name."""
        listed = self.cli.ask(self.folder, "stack", "ls", "--json")
        return {one["name"].rpartition("/")[2]: one for one in listed}

    def make(self) -> int:
        """Make an empty stack, under the secrets provider of its deployment."""
        return self.cli.run(
            self.folder, "stack", "init", self.deployment.name, "--secrets-provider", self.state.secrets_provider
        )

    def run(self, *arguments: str) -> int:
        """Run a command of the CLI on the stack; its exit code."""
        return self.cli.run(self.folder, *arguments, "--stack", self.deployment.name)

    def tags(self) -> dict[str, str]:
        """What is noted on the stack beside its state."""
        return self.cli.ask(self.folder, "stack", "tag", "ls", "--json", "--stack", self.deployment.name)

    def destroy(self, *options: str) -> int:
        """Take away all that it made; the empty stack stays. The exit code."""
        return self.run("destroy", *options)

    def forget(self) -> int:
        """Remove the empty stack itself, its backups with it; the exit code."""
        return self.cli.run(self.folder, "stack", "rm", self.deployment.name, "--yes", "--remove-backups")

    def outputs(self) -> dict[str, Any]:
        """The outputs of the last `up`; a secret one as a mark in its place."""
        return self.cli.ask(self.folder, "stack", "output", "--json", "--stack", self.deployment.name)


def stacks_of(deployment: Deployment) -> tuple[Stack, ...]:
    """The stacks of a deployment in the order in which they come up, as seen from the working directory.

    Raises:
        ContractError: outside a checkout, without a Pulumi CLI as new as the SDK, or when nothing says where
            the state is.
    """
    root = checkout(Path.cwd())
    stores = local_root(os.environ, Path.cwd())
    state = state_settings(root / "infra" / "state.yaml", deployment, stores, os.environ)
    _make_local_backend(state.backend)
    cli = pulumi_cli(os.environ, state.variables)
    cli.version()
    return tuple(
        Stack(program, root / "infra" / program, deployment, state, cli) for program in programs_of(deployment)
    )


def _make_local_backend(backend: str) -> None:
    """A folder as backend has to exist, which Pulumi leaves to the one who names it."""
    if backend.startswith("file:///"):
        Path(backend.removeprefix(_LOCAL_BACKEND)).mkdir(parents=True, exist_ok=True)
