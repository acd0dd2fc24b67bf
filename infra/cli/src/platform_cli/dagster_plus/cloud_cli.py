import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from platform_cli.dagster_plus.failure_advice import advice
from platform_cli.dagster_plus.organisation import Organisation

# The CLI would wait an hour for a location to load, and warn of what is its own affair.
_DEFAULTS = {
    "DAGSTER_CLOUD_LOCATION_LOAD_TIMEOUT": "900",
    "DAGSTER_CLOUD_AGENT_HEARTBEAT_TIMEOUT": "120",
    "PYTHONWARNINGS": "ignore",
}
# By these the CLI would look for the pull request in the event of the CI system, and deploy to a branch deployment of
# its own choice. The caller has chosen already, and a scheduled clean-up runs on an event without pull request.
_EVENT_VARIABLES = ("GITHUB_ACTION", "GITLAB_CI")


class CloudCliError(click.ClickException):
    """The dagster-cloud CLI has failed; what it printed stands above, the message says what to do."""


@dataclass(frozen=True, slots=True)
class CloudCli:
    """The dagster-cloud CLI of this environment, signed in to one organisation by environment variables."""

    organisation: Organisation
    folder: Path
    environment: Mapping[str, str]

    def run(self, purpose: str, *arguments: str) -> list[str]:
        """Run a command in `folder`, its output shown as it comes.

        Args:
            purpose: what the command is for, as the message of a failure should name it.
            arguments: the command and its options; no secret, which a list of processes would show.

        Returns:
            The lines that it printed.

        Raises:
            CloudCliError: when it fails.
        """
        lines: list[str] = []
        with subprocess.Popen(
            [_program(), *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        ) as process:
            for line in process.stdout or ():
                lines.append(line.rstrip("\n"))
                click.echo(lines[-1])
        if process.returncode != 0:
            raise CloudCliError(f"{purpose} failed: {advice(lines)}")
        return lines


def cloud_cli(organisation: Organisation, checkout: Path, environ: Mapping[str, str]) -> CloudCli:
    """The CLI, for commands that run at the root of a checkout."""
    kept = {name: value for name, value in environ.items() if name not in _EVENT_VARIABLES}
    return CloudCli(organisation, checkout, {**_DEFAULTS, **kept, "DAGSTER_CLOUD_URL": organisation.url})


def _program() -> str:
    return os.fspath(Path(sys.executable).with_name("dagster-cloud"))
