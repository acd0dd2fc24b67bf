from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import override

from snowflake_medallion.landed_file import LandedFile
from snowflake_medallion.landing import Landing


@dataclass(frozen=True, slots=True)
class LocalFile(LandedFile):
    """A file in a landing folder of this machine."""

    folder: Path
    path: Path

    @property
    @override
    def name(self) -> str:
        return self.path.relative_to(self.folder).as_posix()

    @property
    @override
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    @override
    def modified_at(self) -> datetime:
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    @override
    def opened(self) -> AbstractContextManager[Path]:
        return nullcontext(self.path)


@dataclass(frozen=True, slots=True)
class LocalLanding(Landing):
    """A folder of this machine; its files are read where they are."""

    folder: Path

    @property
    @override
    def location(self) -> str:
        return str(self.folder)

    @override
    def found(self) -> Iterable[LandedFile]:
        return (LocalFile(self.folder, path) for path in self.folder.rglob("*") if path.is_file())
