import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import override

from platform_runtime.files.content import content_hash
from platform_runtime.files.landing_place import LandingPlace


@dataclass(frozen=True, slots=True)
class LocalPlace(LandingPlace):
    """A folder of this machine."""

    folder: Path

    @property
    @override
    def address(self) -> str:
        return str(self.folder)

    @override
    def sha256(self, name: str) -> str | None:
        path = self.folder / name
        if not path.is_file():
            return None
        with path.open("rb") as content:
            return content_hash(content)

    @override
    def put(self, name: str, file: Path) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # A name that starts with a dot is a file that is still arriving. It is in the folder itself, for a file system
        # renames within itself alone.
        arriving = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            shutil.copyfile(file, arriving)
            arriving.replace(path)
        finally:
            arriving.unlink(missing_ok=True)

    @override
    def add(self, name: str, file: Path) -> bool:
        if (self.folder / name).exists():
            return False
        self.put(name, file)
        return True
