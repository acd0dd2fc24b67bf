from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from platform_contract.domain import Domain
from platform_runtime.files.file_format import FileFormat

# What every raw table carries beside the columns of its files; the types mean the same in Snowflake and DuckDB, and
# `datetime` is a time without zone, UTC here.
ORIGIN_COLUMNS = {
    "_source_file": "varchar",
    "_source_sha256": "varchar",
    "_source_row": "bigint",
    "_source_modified_at": "datetime",
}
LOADED_AT = "_loaded_at"


class Versions(StrEnum):
    """What a table keeps where a file arrives anew under its name: every content once, or the latest of each name."""

    ALL = "all"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table of a domain as its files bring it.

    Attributes:
        domain: whose.
        name: its name in the domain's schema for raw tables.
        folder: where its files land, in the domain's landing folder.
        columns: those of its files, in their order.
        key: those that tell the rows of a file apart.
        format: how its files are written.
        types: of the columns that are no text, by name.
        versions: what it keeps where a file arrives anew under its name.
        published_from: key of the asset that hands its files over, where another domain's does.
    """

    domain: Domain
    name: str
    folder: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    format: FileFormat
    types: Mapping[str, str]
    versions: Versions
    published_from: str | None

    def holds(self, file: str) -> bool:
        """Whether a landed file of that name, relative to the domain's landing folder, is for it."""
        return file.startswith(f"{self.folder}/")

    def identity(self, file: str, sha256: str) -> str:
        """What a file is known by: its content, and its name too where the table keeps the latest of each name."""
        return sha256 if self.versions is Versions.ALL else f"{sha256} {file}"

    @property
    def staged_types(self) -> dict[str, str]:
        """What is loaded into the table, with types: what the file holds, then where each row comes from."""
        return {name: self.types.get(name, "varchar") for name in self.columns} | ORIGIN_COLUMNS

    @property
    def column_types(self) -> dict[str, str]:
        """The columns of the table in the store, with their types: what is loaded, and when (UTC) it was."""
        return self.staged_types | {LOADED_AT: "datetime"}
