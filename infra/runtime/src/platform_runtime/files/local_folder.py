import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, override

from platform_runtime.files.folder import Folder
from platform_runtime.files.landed_file import LandedFile, Listing, by_name, counts_as_landed
from platform_runtime.files.reader import unreadable
from platform_runtime.files.refusal import Refusal

_TAKE_AWAY = "put the file itself there, or take it away"


@dataclass(frozen=True, slots=True)
class LocalFolder(Folder):
    """A folder of this machine; its files are read where they are."""

    path: Path

    @property
    @override
    def location(self) -> str:
        return str(self.path)

    @override
    def listing(self) -> Listing:
        found = list(self._found(self.path))
        files = (entry for entry in found if isinstance(entry, LandedFile))
        refused = (entry for entry in found if isinstance(entry, Refusal))
        return Listing(by_name(files), tuple(sorted(refused, key=lambda refusal: refusal.file)))

    @override
    def opened(self, name: str) -> AbstractContextManager[BinaryIO]:
        return (self.path / name).open("rb")

    def _found(self, folder: Path) -> Iterator[LandedFile | Refusal]:
        if not folder.is_dir():
            return
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            reason = f"the folder cannot be read ({error.strerror})"
            yield Refusal(_shown(folder.relative_to(self.path)), "", reason, "make it readable, or take it away")
            return
        for entry in entries:
            path = Path(entry)
            if not counts_as_landed(_shown(path.relative_to(self.path))):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._found(path)
            else:
                yield self._landed(path)

    def _landed(self, path: Path) -> LandedFile | Refusal:
        name = path.relative_to(self.path)
        shown = _shown(name)
        if shown != name.as_posix():
            return Refusal(shown, "", "its name is not UTF-8", "rename it, or take it away")
        if path.is_symlink() and not self._leads_to_a_file_here(path):
            return Refusal(shown, "", "it is a link that leads to no file within the landing folder", _TAKE_AWAY)
        try:
            status = path.stat()
        except OSError as error:
            return unreadable(error).of(shown).refusal
        if not stat.S_ISREG(status.st_mode):
            return Refusal(shown, "", "it is no file", _TAKE_AWAY)
        milliseconds = status.st_mtime_ns // 1_000_000
        return LandedFile(shown, status.st_size, datetime.fromtimestamp(milliseconds / 1000, UTC))

    def _leads_to_a_file_here(self, link: Path) -> bool:
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):
            return False
        return target.is_file() and target.is_relative_to(self.path.resolve())


def _shown(name: Path) -> str:
    """A name that can be written down: bytes that are no UTF-8 show as `\\xff`."""
    return os.fsencode(name.as_posix()).decode("utf-8", "backslashreplace")
