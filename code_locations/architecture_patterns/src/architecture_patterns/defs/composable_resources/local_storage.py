import os
from pathlib import Path

from architecture_patterns.defs.composable_resources.storage import Storage


class LocalStorage(Storage):
    """Objects as files in a folder of this machine."""

    path: str

    def write(self, key: str, content: bytes) -> None:
        """Write beside the file, then rename: the rename is what a reader sees."""
        target = self._file(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        arriving = target.with_name(f".{target.name}.{os.getpid()}")
        arriving.write_bytes(content)
        arriving.rename(target)

    def read(self, key: str) -> bytes:
        """The file's content."""
        if not self._file(key).is_file():
            raise self.missing(key)
        return self._file(key).read_bytes()

    def list_keys(self, prefix: str) -> list[str]:
        """Files under the folder of that name; one that is still being written is none yet."""
        files = (file for file in self._file(prefix).glob("**/[!.]*") if file.is_file())
        return sorted(file.relative_to(self.path).as_posix() for file in files)

    def location(self, key: str) -> str:
        """The file's path."""
        return str(self._file(key))

    def _file(self, key: str) -> Path:
        return Path(self.path) / key
