from abc import ABC, abstractmethod
from pathlib import Path

import dagster as dg

from architecture_patterns.landing.landed_file import LandedFile


class EmptyLandingError(ValueError):
    """Nothing has landed for a source; the message names the folder and the command that fills it."""


class Landing(dg.ConfigurableResource, ABC):
    """Where files arrive, a folder for each source."""

    @abstractmethod
    def folder(self, source: str) -> Path:
        """A folder of this machine that holds what has landed for a source such as `shop/orders`."""

    @abstractmethod
    def location(self, source: str) -> str:
        """The name of that folder as a person should look it up: a path, or a URI."""

    def files(self, source: str) -> list[LandedFile]:
        """The CSV files of a source, by name.

        Raises:
            EmptyLandingError: when there is none.
        """
        # A leading dot marks a file that is still arriving.
        paths = sorted(path for path in self.folder(source).glob("[!.]*") if path.name.endswith((".csv", ".csv.gz")))
        if not paths:
            raise EmptyLandingError(
                f"no CSV file in {self.location(source)}: run `make land` to copy the sample data there, "
                "or put files of your own"
            )
        return [LandedFile(path) for path in paths]
