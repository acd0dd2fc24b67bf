"""A Dockerfile read into its stages, and a build context as .dockerignore leaves it."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its word in capitals, and the rest on one line."""

    word: str
    rest: str


def instructions(text: str) -> list[Instruction]:
    """The instructions of a Dockerfile, without comments."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [Instruction(*line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def last_stage(text: str) -> list[Instruction]:
    """The instructions of the stage that becomes the image."""
    every = instructions(text)
    begins = max(index for index, one in enumerate(every) if one.word == "FROM")
    return every[begins:]


def image_environment(text: str, root: Path) -> dict[str, str]:
    """What the image sets in a container's environment, where `root` stands for its folder /app.

    Args:
        text: the Dockerfile.
        root: the folder on this machine.
    """
    settings = dict(
        pair.split("=", maxsplit=1) for one in last_stage(text) if one.word == "ENV" for pair in one.rest.split()
    )
    return {name: value.replace("/app", str(root)) for name, value in settings.items() if name != "PATH"}


def write_build_context(repository: Path, target: Path) -> None:
    """Copy what git knows of a repository and its .dockerignore lets into a build."""
    patterns = _patterns((repository / ".dockerignore").read_text(encoding="utf-8"))
    for name in _known_to_git(repository):
        if (repository / name).is_file() and enters(name, patterns):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(repository / name, target / name)


def enters(name: str, patterns: list[tuple[bool, re.Pattern[str]]]) -> bool:
    """Whether a file enters the build: the last pattern that matches it, or a folder above it, decides."""
    folders = [name[: found.start()] for found in re.finditer("/", name)]
    verdicts = [lets_in for lets_in, pattern in patterns if any(pattern.fullmatch(part) for part in (name, *folders))]
    return verdicts[-1] if verdicts else True


def ignore_patterns(repository: Path) -> list[tuple[bool, re.Pattern[str]]]:
    """The patterns of the .dockerignore, each with whether it lets in what it matches."""
    return _patterns((repository / ".dockerignore").read_text(encoding="utf-8"))


def _patterns(text: str) -> list[tuple[bool, re.Pattern[str]]]:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.startswith("!"), _pattern(line.removeprefix("!"))) for line in lines]


def _pattern(glob: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*)", glob)
    return re.compile("".join({"**/": "(?:.*/)?", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts))


def _known_to_git(repository: Path) -> Iterator[str]:
    listed = subprocess.run(
        ["git", "-C", str(repository), "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    yield from listed.stdout.splitlines()
