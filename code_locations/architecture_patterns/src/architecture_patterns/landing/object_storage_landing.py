from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
from pydantic import PrivateAttr

from architecture_patterns.landing.landing import Landing
from architecture_patterns.production_settings import ProductionSettings


class ObjectStorageLanding(Landing):
    """The landing folder of a deployment in object storage; a source is copied to this machine to be read."""

    settings: ProductionSettings

    _copies: str = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["ObjectStorageLanding"]:  # noqa: ARG002
        """Keep the copies for as long as the run takes."""
        with TemporaryDirectory(prefix="landing-") as copies:
            self._copies = copies
            yield self

    def folder(self, source: str) -> Path:
        """A fresh copy of the source's folder; empty when nothing has landed."""
        from pyarrow import fs  # noqa: PLC0415 - a third of a second that the laptop never needs

        copy = Path(self._copies) / source
        copy.mkdir(parents=True, exist_ok=True)
        storage, path = fs.FileSystem.from_uri(self.location(source))
        if storage.get_file_info(path).type is fs.FileType.Directory:
            fs.copy_files(path, str(copy), source_filesystem=storage, destination_filesystem=fs.LocalFileSystem())
        return copy

    def location(self, source: str) -> str:
        """Its URI."""
        return self.settings.storage_uri(f"landing/{source}")
