from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from platform_runtime.files.file_format import matches
from platform_runtime.files.folder import Folder, HashedFile
from platform_runtime.files.landed_file import LandedFile, by_age
from platform_runtime.files.refusal import Refusal, RefusedFileError

from databricks_delta.lakehouse.landing import LandingSource, LoadedFile


@dataclass(frozen=True, slots=True)
class FilesTaken:
    """One look at a landing folder: what is new, what its content makes known, what is refused, what is not ours."""

    loaded: list[LoadedFile] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def take_files(
    folder: Folder, source: LandingSource, known: Iterable[str], take: Callable[[HashedFile], int]
) -> FilesTaken:
    """Take the files that have landed and are not known by their content, oldest first.

    Args:
        folder: where the files are.
        source: what should stand in them.
        known: SHA-256 of the contents to leave out.
        take: takes a file whole, or raises RefusedFileError; gives the number of its rows.
    """
    listing = folder.listing()
    seen = set(known)
    taken = FilesTaken(refused=list(listing.refused))
    for file in by_age(listing.files):
        if matches(file.name, [source.files]):
            _take(folder, file, seen, take, taken)
        else:
            taken.ignored.append(file.name)
    return taken


def _take(
    folder: Folder, file: LandedFile, seen: set[str], take: Callable[[HashedFile], int], taken: FilesTaken
) -> None:
    try:
        with folder.hashed(file) as hashed:
            if hashed.sha256 in seen:
                taken.known.append(file.name)
                return
            taken.loaded.append(LoadedFile(file.name, hashed.sha256, take(hashed)))
            seen.add(hashed.sha256)
    except RefusedFileError as error:
        taken.refused.append(error.refusal)
