import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass

from platform_runtime.files.file_format import CsvFormat, matches
from platform_runtime.files.landed_file import LandedFile, by_age
from platform_runtime.files.reader import columns_of, read
from platform_runtime.files.refusal import Refusal, RefusedFileError

from databricks_delta.lakehouse.databricks.landing_volume import LandedContent, LandingVolume
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.landing import LandingSource

_LARGEST_MEGABYTES = 64


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A landing file that was found good, with the identity of exactly the bytes that were judged.

    Attributes:
        header: the columns in the file's own order.
        rows: how many rows stand in it.
    """

    file: LandedFile
    sha256: str
    header: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """One look at a landing folder: what is new, what is known by its content, what is bad, and what is not ours."""

    new: list[CheckedFile]
    known: list[str]
    problems: list[Refusal]
    ignored: list[str]


def checked_batch(volume: LandingVolume, source: LandingSource, known: Iterable[str]) -> CheckedBatch:
    """Judge what has landed and is not known by its content, by the same rules as on a laptop.

    The warehouse hashes the files; of those that are new, one after the other is looked at here, for the warehouse
    would only say that something is wrong with one of them.

    Args:
        volume: where the files are.
        source: what should stand in them.
        known: SHA-256 of the contents to leave out.
    """
    require_csv(source)
    listing = volume.listing()
    ours = [file for file in by_age(listing.files) if matches(file.name, [source.files])]
    hashes = volume.hashes(file.name for file in ours)
    ignored = [file.name for file in listing.files if not matches(file.name, [source.files])]
    batch = CheckedBatch([], [], list(listing.refused), ignored)
    seen = set(known)
    for file in ours:
        if hashes.get(file.name) in seen:
            batch.known.append(file.name)
        elif file.name in hashes:
            _judge(volume, source, file, seen, batch)
    return batch


def require_csv(source: LandingSource) -> CsvFormat:
    """The dialect of a source's files.

    Raises:
        LakehouseError: when they are no CSV, which is all that is copied into a table of Databricks.
    """
    if isinstance(source.format, CsvFormat):
        return source.format
    raise LakehouseError(
        f"{source.folder}: JSON lines and Parquet are loaded on a laptop and into Snowflake, not yet into Databricks: "
        "declare source.format csv, and land such files"
    )


def _judge(volume: LandingVolume, source: LandingSource, file: LandedFile, seen: set[str], batch: CheckedBatch) -> None:
    if file.size_bytes > _LARGEST_MEGABYTES * 1_000_000:
        batch.problems.append(_too_large(file))
        return
    landed = volume.content(file.name) if file.size_bytes else LandedContent(file, b"")
    if landed is None:
        return
    identity = hashlib.sha256(landed.content).hexdigest()
    if identity in seen:
        batch.known.append(file.name)
        return
    outcome = _checked(landed, identity, source)
    if isinstance(outcome, CheckedFile):
        seen.add(identity)
        batch.new.append(outcome)
    else:
        batch.problems.append(outcome)


def _checked(landed: LandedContent, identity: str, source: LandingSource) -> CheckedFile | Refusal:
    name, content = landed.file.name, io.BytesIO(landed.content)
    try:
        rows = sum(batch.num_rows for batch in read(content, name, identity, source.format, tuple(source.columns)))
    except RefusedFileError as error:
        return error.refusal
    return CheckedFile(landed.file, identity, columns_of(content, name, source.format), rows)


def _too_large(file: LandedFile) -> Refusal:
    size = f"{file.size_bytes / 1_000_000:,.0f} MB"
    fault = f"the file has {size}, more than is judged as a whole"
    return Refusal(file.name, "", fault, f"land it in parts of {_LARGEST_MEGABYTES} MB")
