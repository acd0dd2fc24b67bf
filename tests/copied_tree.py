"""A copy of the tree, in which somebody works with a shell: what they write there stays there."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platform_contract.local_paths import checkout

ROOT = checkout(Path(__file__))
_LEFT_OUT = shutil.ignore_patterns(".venv", ".git", ".local", "__pycache__", "target", "logs")


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What is made of the tree, and these tests; those of the dbt project are part of it."""
    return _LEFT_OUT(folder, names) | ({"tests"} if Path(folder) == ROOT else set())


@dataclass(frozen=True, slots=True)
class CopiedTree:
    """The copy; every command in it runs on its packages, with the tools that are installed."""

    root: Path
    variables: Mapping[str, str]

    @staticmethod
    def at(folder: Path) -> "CopiedTree":
        """Make a copy in a folder that is not there yet."""
        root = Path(shutil.copytree(ROOT, folder, ignore=_left_out))
        (root / ".venv").symlink_to(ROOT / ".venv")
        packages = (*(root / "infra").glob("*/src"), *(root / "code_locations").glob("*/src"))
        own = {
            "PYTHONPATH": os.pathsep.join(map(str, packages)),
            "PYTHONWARNINGS": "ignore",
            "PLATFORM_LOCAL_ROOT": str(root / ".local"),
            "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "400",
        }
        return CopiedTree(root, {**os.environ, **own})

    def run(self, command: str, folder: str) -> subprocess.CompletedProcess[str]:
        """A line for the shell, as it ended."""
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.root / folder,
            env=dict(self.variables),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=1200,
        )

    def must(self, command: str, folder: str) -> str:
        """What a line printed that has to succeed."""
        ended = self.run(command, folder)
        assert ended.returncode == 0, f"{command}\n{ended.stdout}{ended.stderr}"
        return ended.stdout + ended.stderr

    def keep(self) -> None:
        """The tree as a commit."""
        identity = "-c user.name=Ada -c user.email=ada@example.com"
        self.must(f"git init -q && git add . && git {identity} commit -qm 'As it was'", ".")
