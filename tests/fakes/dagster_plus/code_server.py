import os
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dagster import DagsterInstance
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin
from dagster._core.remote_representation.code_location import GrpcServerCodeLocation
from dagster._grpc.client import DagsterGrpcClient

_START_SECONDS = 120
_STOP_SECONDS = 10


class CodeServerError(RuntimeError):
    """The process of a code server has ended, or does not answer."""


@dataclass(frozen=True, slots=True)
class CodeServer:
    """A code server as an agent starts it: `dagster api grpc`, told by its environment what to load."""

    location: str
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def load(self) -> GrpcServerCodeLocation:
        """The location as it is loaded, once the server answers.

        Raises:
            CodeServerError: when it does not.
            DagsterUserCodeProcessError: when its definitions do not load.
        """
        self._await()
        origin = GrpcServerCodeLocationOrigin(host="localhost", port=self.port, location_name=self.location)
        return GrpcServerCodeLocation(origin, DagsterInstance.ephemeral())

    def jobs(self) -> set[str]:
        """The names of the location's jobs."""
        repositories = self.load().get_repositories().values()
        return {job.name for repository in repositories for job in repository.get_all_jobs()}

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _await(self) -> None:
        client = DagsterGrpcClient(port=self.port)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise CodeServerError(f"the code server ended with {self.process.returncode}:\n{self._last_lines()}")
            try:
                client.ping("")
            except Exception:  # noqa: BLE001 - whatever gRPC raises while nobody listens
                time.sleep(0.2)
            else:
                return
        raise CodeServerError(f"the code server does not answer after {_START_SECONDS} s:\n{self._last_lines()}")

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])


@dataclass(frozen=True, slots=True)
class Container:
    """What a process is started with: its command, its working folder, its whole environment."""

    command: list[str]
    folder: Path
    environment: Mapping[str, str]


def start_code_server(location: str, container: Container, port: int, log: Path) -> CodeServer:
    """Start the process, its output in a log; nothing is loaded yet."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            container.command,
            cwd=container.folder,
            env=container.environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return CodeServer(location, process, port, log)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment() -> dict[str, str]:
    """What a container has before anything is set in it; its user has no home."""
    return {"PATH": os.defpath, "HOME": "/", "LANG": "C.UTF-8"}
