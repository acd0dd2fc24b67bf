from collections.abc import Mapping
from dataclasses import dataclass

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
    """

    domain: Domain
    name: str
    folder: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    format: FileFormat
    types: Mapping[str, str]

    @property
    def staged_types(self) -> dict[str, str]:
        """What is loaded into the table, with types: what the file holds, then where each row comes from."""
        return {name: self.types.get(name, "varchar") for name in self.columns} | ORIGIN_COLUMNS

    @property
    def column_types(self) -> dict[str, str]:
        """The columns of the table in the store, with their types: what is loaded, and when (UTC) it was."""
        return self.staged_types | {LOADED_AT: "datetime"}
