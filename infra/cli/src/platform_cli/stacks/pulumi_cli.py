import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_contract.errors import ContractError

from platform_cli.github_actions.identity import snowflake_identity

_INSTALL = (
    "install the released CLI (https://www.pulumi.com/docs/install), "
    'or build it once with Go: export PATH="$(sh .ci/pulumi):$PATH"'
)
_VERSION = re.compile(r"v(?P<numbers>\d+\.\d+\.\d+)\S*")
_VERSION_SECONDS = 30


@dataclass(frozen=True, slots=True)
class PulumiCli:
    """The Pulumi CLI on PATH, with what it needs to find the state and to run this environment's Python."""

    program: Path
    environment: Mapping[str, str]

    def version(self) -> str:
        """Which version it is, such as `3.274.1`.

        Raises:
            ContractError: when it does not run, or is older than the SDK that the programs are written with: what the
                SDK asks of an engine, an older one may not know.
        """
        asked = subprocess.run(
            [str(self.program), "version"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_VERSION_SECONDS,
            check=False,
        )
        found = _VERSION.fullmatch(asked.stdout.strip())
        if asked.returncode != 0 or found is None:
            raise ContractError(f"{self.program} does not run: {_INSTALL}")
        sdk = importlib.metadata.version("pulumi")
        if _numbers(found["numbers"]) < _numbers(sdk):
            raise ContractError(f"{self.program} is {found['numbers']}, older than the SDK, {sdk}: {_INSTALL}")
        return found["numbers"]

    def run(self, folder: Path, *arguments: str) -> int:
        """Run `pulumi -C <folder> <arguments>` with this process's terminal; its exit code.

        Ctrl-C reaches the CLI too, which lets what it has begun come to an end, and keeps in the state what that made.
        """
        with subprocess.Popen(self._command(folder, arguments), env=self._signed_in()) as process:
            return _end_of(process)

    def show(self, folder: Path, *arguments: str) -> tuple[int, str]:
        """Run a command; its exit code, and what it said, free of colours."""
        shown = subprocess.run(
            self._command(folder, (*arguments, "--color", "never", "--non-interactive")),
            env=self._signed_in(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return shown.returncode, shown.stdout

    def ask(self, folder: Path, *arguments: str) -> Any:  # noqa: ANN401 - whatever JSON the CLI answers
        """The JSON that a command prints.

        Raises:
            ContractError: with what the CLI said, when it fails.
        """
        asked = subprocess.run(
            self._command(folder, arguments), env=self.environment, capture_output=True, text=True, check=False
        )
        if asked.returncode != 0:
            raise ContractError(f"pulumi {' '.join(arguments)} in {folder.name}: {asked.stderr.strip()}")
        return json.loads(asked.stdout)

    def _signed_in(self) -> dict[str, str]:
        """The environment of a command that may reach a cloud."""
        return {**self.environment, **snowflake_identity(self.environment)}

    def _command(self, folder: Path, arguments: tuple[str, ...]) -> list[str]:
        return [str(self.program), "-C", str(folder), *arguments]


def pulumi_cli(environ: Mapping[str, str], variables: Mapping[str, str]) -> PulumiCli:
    """The CLI that a shell would find.

    Args:
        environ: the process environment.
        variables: what the CLI shall find in its environment besides.

    Raises:
        ContractError: where none is installed, saying how to.
    """
    found = shutil.which("pulumi", path=environ.get("PATH"))
    if found is None:
        raise ContractError(f"no pulumi on PATH: {_INSTALL}")
    # Programs and their host run with the Python of this environment, which therefore stands first.
    path = os.pathsep.join((str(Path(sys.prefix) / "bin"), environ.get("PATH", "")))
    return PulumiCli(Path(found), {**environ, **variables, "PATH": path})


def _end_of(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a process, however often somebody wants this one to stop meanwhile.

    `subprocess.run` kills it a quarter of a second after Ctrl-C: then its lock stays, and what nobody remembers.
    """
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))
