from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from platform_runtime.files.refusal import Refusal

_HIDDEN = (".", "_")
_ARRIVING = (".tmp", ".part", ".partial", ".filepart", ".crdownload", "~")


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file of a source where it has landed, before anyone has read it.

    Attributes:
        name: its path below the source's folder, with slashes: `orders/orders_2018_09.csv.gz`.
        size_bytes: how many bytes it has.
        modified_at: when it was last written, UTC, in whole milliseconds, as every store can say it.
    """

    name: str
    size_bytes: int
    modified_at: datetime

    @property
    def state(self) -> str:
        """What changes when the file is written anew, as far as one can tell without reading it."""
        return f"{self.size_bytes}@{self.modified_at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Listing:
    """One look at a folder: the files by name, and what lies there and cannot be one, which is told all the same."""

    files: tuple[LandedFile, ...]
    refused: tuple[Refusal, ...]


def counts_as_landed(name: str) -> bool:
    """Whether a name is that of a file that has landed, and not of one that is hidden or still arriving.

    The same everywhere: a name that starts with a dot or an underscore is hidden, the file's or that of a folder above
    it, as Spark and COPY INTO have it; upload tools end the names of what is on its way.
    """
    return not any(part.startswith(_HIDDEN) for part in name.split("/")) and not name.lower().endswith(_ARRIVING)


def by_name(files: Iterable[LandedFile]) -> tuple[LandedFile, ...]:
    """The files in the order of their names."""
    return tuple(sorted(files, key=lambda file: file.name))


def by_age(files: Iterable[LandedFile]) -> list[LandedFile]:
    """The files, oldest first."""
    return sorted(files, key=lambda file: (file.modified_at, file.name))
