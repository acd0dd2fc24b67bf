from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
from platform_runtime.object_storage import StorageFolder
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
        """A fresh copy of the source's folder; nothing is there when nothing has landed.

        Raises:
            dagster.Failure: when it cannot be read; its first line says what to do.
        """
        copy = Path(self._copies) / source
        landed = StorageFolder(self.location(source))
        for stored in landed.objects():
            destination = copy / stored.name
            destination.parent.mkdir(parents=True, exist_ok=True)
            landed.fetch(stored.name, destination)
        return copy

    def location(self, source: str) -> str:
        """Its URI."""
        return self.settings.storage().source(source)
