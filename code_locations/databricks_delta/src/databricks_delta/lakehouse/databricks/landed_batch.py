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
# What COPY INTO is told to read.
_PLAIN_CSV = CsvFormat(delimiter=",", quote='"', encoding="utf-8", null_tokens=(), decimal_comma=())


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

    Raises:
        LakehouseError: when the source declares a format that COPY INTO is not written for.
    """
    _require_plain_csv(source)
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


def _require_plain_csv(source: LandingSource) -> None:
    if source.format != _PLAIN_CSV:
        raise LakehouseError(
            f"{source.folder}: another source.format than plain CSV is loaded on a laptop and into Snowflake, and not "
            "into Databricks: leave format out of defs.yaml, and land CSV with commas and double quotes in UTF-8"
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
