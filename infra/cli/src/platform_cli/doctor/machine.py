import shutil
from dataclasses import dataclass
from pathlib import Path

from platform_cli.doctor.check import Check, Finding, problem, right, warning
from platform_cli.ports import is_free

_GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class DiskSpace(Check):
    """Whether the disk of a folder has room."""

    folder: Path
    needed_gigabytes: float

    @property
    def subject(self) -> str:
        """Disk space."""
        return "disk space"

    def examine(self) -> Finding:
        """Ask the nearest folder above that exists."""
        existing = next(folder for folder in (self.folder, *self.folder.parents) if folder.exists())
        free = shutil.disk_usage(existing).free / _GIGABYTE
        found = f"{free:.1f} GB free for {self.folder}"
        if free >= self.needed_gigabytes:
            return right(found)
        return problem(found, f"free some: {self.needed_gigabytes:g} GB are needed")


@dataclass(frozen=True, slots=True)
class FreePort(Check):
    """Whether a port of this machine is free for the Dagster UI."""

    port: int

    @property
    def subject(self) -> str:
        """The port."""
        return f"port {self.port}"

    def examine(self) -> Finding:
        """Try to connect."""
        if is_free("127.0.0.1", self.port):
            return right("free for the Dagster UI")
        return warning("in use", f"if that is not the Dagster UI already: make dev PORT={self.port + 1}")
