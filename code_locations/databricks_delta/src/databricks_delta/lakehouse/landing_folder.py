from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_delta.lakehouse.landing import FileProblem, LandedFile, LandingSource
from databricks_delta.lakehouse.landing_file import LandingFileError, read_landing_file, sha256

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A landing file that was read, with the identity of exactly the bytes that were read."""

    file: LandedFile
    sha256: str
    rows: "pa.Table"


@dataclass(frozen=True, slots=True)
class LandedBatch:
    """One look at a landing folder: what is new, what is known by its content, and what cannot be loaded."""

    new: list[ReadFile]
    known: list[str]
    problems: list[FileProblem]


def landed_files(folder: Path, pattern: str) -> list[LandedFile]:
    """The files of a folder whose names match, oldest first; of a folder that is not there, none."""
    found = [_landed(path) for path in folder.glob(pattern) if path.is_file()]
    return sorted(found, key=lambda file: (file.modified_at, file.name))


def ignored_files(folder: Path, pattern: str) -> tuple[str, ...]:
    """The names in a folder that do not match."""
    return tuple(sorted(path.name for path in folder.glob("*") if path.is_file() and not fnmatch(path.name, pattern)))


def content_hashes(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 by name, of the files that are there."""
    return {name: sha256((folder / name).read_bytes()) for name in names if (folder / name).is_file()}


def read_batch(folder: Path, source: LandingSource, known: Iterable[str]) -> LandedBatch:
    """Read what has landed and is not known by its content.

    Args:
        folder: where the files are.
        source: what should stand in them.
        known: SHA-256 of the contents to leave out.
    """
    seen = set(known)
    batch = LandedBatch([], [], [])
    for file in landed_files(folder, source.files):
        outcome = _read(folder / file.name, file, source, seen)
        if isinstance(outcome, ReadFile):
            seen.add(outcome.sha256)
            batch.new.append(outcome)
        elif isinstance(outcome, FileProblem):
            batch.problems.append(outcome)
        else:
            batch.known.append(file.name)
    return batch


def _read(path: Path, file: LandedFile, source: LandingSource, seen: set[str]) -> ReadFile | FileProblem | None:
    try:
        content = path.read_bytes()
        identity = sha256(content)
        if identity in seen:
            return None
        return ReadFile(file, identity, read_landing_file(file.name, content, tuple(source.columns)))
    except LandingFileError as error:
        return FileProblem(file.name, error.problem, error.fix)
    except OSError as error:
        return FileProblem(file.name, f"the file cannot be read ({error.strerror})", "Make it readable, or remove it")


def _landed(path: Path) -> LandedFile:
    status = path.stat()
    # Whole milliseconds, as Databricks reports it: the engines must agree on which of two files is the later one.
    modified_at = datetime.fromtimestamp(status.st_mtime_ns // 1_000_000 / 1000, tz=UTC)
    return LandedFile(path.name, status.st_size, modified_at)
