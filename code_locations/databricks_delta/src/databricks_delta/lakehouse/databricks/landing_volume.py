import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from platform_runtime.files.landed_file import LandedFile, Listing

from databricks_delta.lakehouse.databricks.credentials import Settings
from databricks_delta.lakehouse.databricks.session import Session
from databricks_delta.lakehouse.databricks.volume_listing import VolumeFolder, volume_listing
from databricks_delta.lakehouse.databricks_sql import sql_text
from databricks_delta.lakehouse.errors import LakehouseError

_OF_NOTHING = hashlib.sha256(b"").hexdigest()
_UNESCAPED_IN_PATHS = "!$&'()*+,;=:@~"


@dataclass(frozen=True, slots=True)
class LandedContent:
    """A landing file as it was read: exactly these bytes, and what the volume said of them."""

    file: LandedFile
    content: bytes


@dataclass(frozen=True, slots=True)
class LandingVolume:
    """A folder of a Unity Catalog volume: the workspace lists its files, and the warehouse reads and hashes them."""

    session: Session
    settings: Settings
    folder: VolumeFolder

    def listing(self) -> Listing:
        """What has landed; nothing of a folder that is not there. No file is read."""
        return volume_listing(self.settings, self.folder)

    def hashes(self, names: Iterable[str]) -> dict[str, str]:
        """SHA-256 by name; a file that is gone by now is left out."""
        wanted = sorted(names)
        if not wanted:
            return {}
        known_as = {form: name for name in wanted for form in names_in_queries(name)}
        rows = self.session.rows(
            f"SELECT _metadata.file_name AS name, sha2(content, 256) AS sha256 FROM {self._binary} "  # noqa: S608
            f"WHERE _metadata.file_name IN ({', '.join(map(sql_text, known_as))})",
            {},
            self.folder.path,
        )
        hashes = {known_as[str(row["name"])]: str(row["sha256"]) for row in rows}
        return hashes | self._empty_ones(set(wanted) - hashes.keys())

    def content(self, name: str) -> LandedContent | None:
        """A file whole; None of one that is gone by now, or empty."""
        rows = self.session.rows(
            f"SELECT content, modificationTime, length FROM {self._binary} "  # noqa: S608
            f"WHERE _metadata.file_name IN ({', '.join(map(sql_text, names_in_queries(name)))})",
            {},
            f"{self.folder.path}/{name}",
        )
        if not rows:
            return None
        (row,) = rows
        path = f"{self.folder.path}/{name}"
        landed = LandedFile(name, int(str(row["length"])), _instant(row["modificationTime"], path))
        return LandedContent(landed, _bytes(row["content"], path))

    @property
    def _binary(self) -> str:
        return f"binaryFile.`{self.folder.path}`"

    def _empty_ones(self, names: set[str]) -> dict[str, str]:
        # Spark passes over files without a byte.
        if not names:
            return {}
        return {file.name: _OF_NOTHING for file in self.listing().files if file.name in names and not file.size_bytes}


def names_in_queries(name: str) -> list[str]:
    """How `_metadata.file_name` may give a name: as it is, and as a part of a URL, as open Spark does."""
    return list(dict.fromkeys((name, quote(name, safe=_UNESCAPED_IN_PATHS))))


def _bytes(value: object, path: str) -> bytes:
    if not isinstance(value, bytes | bytearray):
        raise LakehouseError(f"{path}: the warehouse gives {type(value).__name__} where a file's bytes belong")
    return bytes(value)


def _instant(value: object, path: str) -> datetime:
    if not isinstance(value, datetime):
        raise LakehouseError(f"{path}: the warehouse gives {type(value).__name__} where a time belongs")
    return value if value.tzinfo else value.replace(tzinfo=UTC)
