from collections.abc import Iterable
from dataclasses import dataclass


class RefusedFileError(ValueError):
    """A landed file cannot be loaded; the message names the row or column and the fix, not yet the file."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A landed file that stays where it is until somebody mends it, and why."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


class RefusedFilesError(ValueError):
    """Landed files that could not be loaded; every other file is in."""

    def __init__(self, refused: Iterable[RefusedFile]) -> None:
        listed = "".join(f"\n  {file}" for file in refused)
        super().__init__(f"some landed files were refused, all others are loaded; mend these and load again:{listed}")
