import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from platform_cli.doctor.check import Check, Finding, problem, right, warning


@dataclass(frozen=True, slots=True)
class PythonVersion(Check):
    """Whether this Python is the version that the checkout is made for."""

    checkout: Path

    @property
    def subject(self) -> str:
        """Python."""
        return "Python"

    def examine(self) -> Finding:
        """Compare with `.python-version`."""
        wanted = (self.checkout / ".python-version").read_text(encoding="utf-8").strip()
        running = f"{sys.version_info.major}.{sys.version_info.minor}"
        found = f"{running} in {sys.prefix}"
        return right(found) if running == wanted else problem(found, f"remove .venv and run `make setup` for {wanted}")


@dataclass(frozen=True, slots=True)
class UvTool(Check):
    """Whether uv is there: on PATH, or the private one that set-up brought."""

    private: Path

    @property
    def subject(self) -> str:
        """uv."""
        return "uv"

    def examine(self) -> Finding:
        """Ask each for its version; one on PATH may be a shim that does not run."""
        for uv in ("uv", str(self.private)):
            version = _version(uv)
            if version:
                return right(f"{version} ({'on PATH' if uv == 'uv' else uv})")
        return warning("none", "`make setup` brings one when it has something to install")


def _version(uv: str) -> str:
    try:
        asked = subprocess.run([uv, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
