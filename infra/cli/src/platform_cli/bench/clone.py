import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import click
from platform_contract.environment_variables import EnvironmentVariable

# What would make a clone use this checkout's environment or stores.
_INHERITED = (
    "VIRTUAL_ENV",
    EnvironmentVariable.DAGSTER_HOME,
    EnvironmentVariable.PLATFORM_LOCAL_ROOT,
    EnvironmentVariable.PLATFORM_DEPLOYMENT,
    EnvironmentVariable.PLATFORM_DEMO_MODE,
)


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone of what is committed in a checkout, in a folder that is the benchmark's own."""

    checkout: Path
    folder: Path

    @property
    def tree(self) -> Path:
        """The root of the clone."""
        return self.folder / "clone"

    def renew(self) -> None:
        """Clone again, so that nothing of an earlier round is there."""
        shutil.rmtree(self.tree, ignore_errors=True)
        self.run("git", "clone", "--quiet", str(self.checkout), str(self.tree), where=self.folder, settings={})

    def run(self, *command: str, where: Path, settings: dict[str, str]) -> None:
        """Run a command to its end.

        Raises:
            click.ClickException: with its last output, when it fails.
        """
        ended = subprocess.run(
            command, cwd=where, env=clean_environment() | settings, capture_output=True, text=True, check=False
        )
        if ended.returncode != 0:
            tail = "\n".join((ended.stdout + ended.stderr).splitlines()[-30:])
            raise click.ClickException(f"{' '.join(command)} failed with exit code {ended.returncode}:\n{tail}")


def clean_environment() -> dict[str, str]:
    """The environment of this process, without what ties it to one checkout or deployment."""
    return {name: value for name, value in os.environ.items() if name not in _INHERITED}
