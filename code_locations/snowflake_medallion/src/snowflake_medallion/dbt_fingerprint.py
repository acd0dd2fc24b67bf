import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from snowflake_medallion.dbt_engine import DbtEngine

_FILES = ("dbt_project.yml", "profiles.yml")
_FOLDERS = ("macros", "models", "snapshots", "tests")


def fingerprint(project: Path, engine: DbtEngine) -> str:
    """A digest of all that a manifest follows from: the project's files, target, names and the versions of dbt.

    Hashing some fifty small files takes milliseconds, parsing them with dbt takes seconds.
    """
    digest = hashlib.sha256()
    for part in _parts(project, engine):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def _parts(project: Path, engine: DbtEngine) -> Iterator[bytes]:
    for file in _project_files(project):
        yield file.relative_to(project).as_posix().encode()
        yield file.read_bytes()
    yield str(project).encode()
    yield engine.target.encode()
    for name, value in sorted(engine.environment.items()):
        yield f"{name}={value}".encode()
    for distribution in ("dbt-core", f"dbt-{engine.target}"):
        yield version(distribution).encode()


def _project_files(project: Path) -> Iterator[Path]:
    yield from (project / name for name in _FILES)
    for folder in _FOLDERS:
        yield from (path for path in sorted((project / folder).rglob("*")) if path.is_file())
