import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError
from platform_contract.local_paths import checkout

_LAST_LINES = 60
# What a command has begun in a cloud is let come to an end for so long.
_ENDING_SECONDS = 600
# What of this machine's own environment a command may see; of clouds and deployments nothing.
_KEPT_VARIABLES = ("HOME", "LANG", "PATH", "TMPDIR")
_LINKED = ("code_locations", "dbt_project", "workspace.yaml")


class CommandFailedError(Exception):
    """A command of the operator's did not succeed; what it said, and what the code locations printed, is below."""


@dataclass(frozen=True, slots=True)
class OperatorShell:
    """A shell in a checkout, with an environment of its own, in which somebody gives the platform's commands."""

    folder: Path
    local_root: Path
    environment: Mapping[str, str]
    timeout_seconds: int

    def platform(self, *arguments: str) -> str:
        """What `platform <arguments>` printed.

        Raises:
            CommandFailedError: when it ended with another code than 0, or did not end in time.
        """
        command = [str(Path(sys.executable).with_name("platform")), *arguments]
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=self._whole_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                said, _ = process.communicate(timeout=self.timeout_seconds)
            except subprocess.TimeoutExpired as expired:
                _interrupt(process)
                late = f"not ended after {self.timeout_seconds} s"
                raise CommandFailedError(self._why(arguments, late, "")) from expired
            except BaseException:
                _interrupt(process)
                raise
        if process.returncode:
            raise CommandFailedError(self._why(arguments, f"ended with code {process.returncode}", said))
        return said

    def exports(self) -> dict[str, str]:
        """What `platform environment` has a shell export."""
        lines = (shlex.split(line) for line in self.platform("environment").splitlines())
        return dict(setting.split("=", 1) for _, setting in lines)

    def _whole_environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        quiet = {EnvironmentVariable.DAGSTER_DISABLE_TELEMETRY: "yes", EnvironmentVariable.DO_NOT_TRACK: "1"}
        root = {EnvironmentVariable.PLATFORM_LOCAL_ROOT: str(self.local_root)}
        return {**kept, **quiet, **root, **self.environment}

    def _why(self, arguments: tuple[str, ...], how: str, said: str) -> str:
        logs = {f"platform {' '.join(arguments)}: {how}": said}
        logs |= {str(log): log.read_text(encoding="utf-8", errors="replace") for log in self._location_logs()}
        return "\n".join(f"--- {name}\n{_end_of(text)}" for name, text in logs.items())

    def _location_logs(self) -> list[Path]:
        return sorted(self.local_root.glob("*/logs/*.log"))


def make_checkout(folder: Path) -> Path:
    """A checkout in which commands may write: a folder of its own, the code and the sample data the real ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _LINKED:
        (folder / name).symlink_to(checkout(Path(__file__)) / name)
    return folder


def _interrupt(process: subprocess.Popen[str]) -> None:
    """End a command as Ctrl-C does, with all that it has started, and wait until it has, whoever insists meanwhile.

    What goes on changing a stack keeps it locked, and nobody could take it away.
    """
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    for _ in range(_ENDING_SECONDS):
        try:
            process.communicate(timeout=1)
        except (KeyboardInterrupt, ContractError, subprocess.TimeoutExpired):
            continue
        return
    os.killpg(process.pid, signal.SIGKILL)


def _end_of(text: str) -> str:
    return "\n".join(text.splitlines()[-_LAST_LINES:])
