"""The repository on GitHub as git has it: main, and the branch of a pull request, merged as GitHub merges it."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.github.repository import OWNER

# What the files of infra name as shipped, for whoever uses them to put his own there.
_SHIPPED_NAME = "example-org/data-platform"
_MERGE = "refs/pull/{number}/merge"
_AUTHOR = ("-c", "user.name=test", "-c", "user.email=test@example.com")


@dataclass(frozen=True, slots=True)
class Origin:
    """A repository, with a working copy in which people work."""

    folder: Path

    def commit(self, message: str) -> str:
        """Commit everything; the commit."""
        self._git("add", "--all")
        self._git(*_AUTHOR, "commit", "--quiet", "--allow-empty", "--message", message)
        return self._git("rev-parse", "HEAD")

    def branch(self, name: str) -> None:
        """Begin a branch of main."""
        self._git("checkout", "--quiet", "-b", name, "main")

    def merge(self, number: int, branch: str) -> str:
        """Merge a pull request into its base, tentatively, as GitHub does for each push; the commit."""
        self._git("checkout", "--quiet", "--detach", "main")
        self._git(*_AUTHOR, "merge", "--quiet", "--no-ff", "--message", f"Merge {branch}", branch)
        self._git("update-ref", _MERGE.format(number=number), "HEAD")
        merged = self._git("rev-parse", "HEAD")
        self._git("checkout", "--quiet", branch)
        return merged

    def check_out(self, ref: str, depth: int, folder: Path) -> None:
        """Put a commit and those before it, as many as `depth` says, into an empty folder."""
        _run(folder, "init", "--quiet", "--initial-branch", "checkout")
        _run(folder, "fetch", "--quiet", f"--depth={depth}", self.folder.as_uri(), ref)
        _run(folder, "checkout", "--quiet", "FETCH_HEAD")

    def _git(self, *words: str) -> str:
        return _run(self.folder, *words)


def make_origin(source: Path, folder: Path) -> Origin:
    """The repository of a checkout's files as git knows them, its name put where people put theirs."""
    listed = _run(source, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in listed:
        if (source / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, folder / name)
    for file in (folder / "infra").glob("*/Pulumi*.yaml"):
        file.write_text(file.read_text(encoding="utf-8").replace(_SHIPPED_NAME, OWNER), encoding="utf-8")
    origin = Origin(folder)
    _run(folder, "init", "--quiet", "--initial-branch", "main")
    _run(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    origin.commit("Begin")
    return origin


def _run(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout.strip()
