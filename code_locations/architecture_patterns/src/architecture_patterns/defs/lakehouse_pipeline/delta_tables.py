import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
import duckdb
from deltalake import CommitProperties, DeltaTable, write_deltalake

from architecture_patterns.production_settings import ProductionSettings

_DERIVATION = "derived_from"


class MissingDeltaTableError(ValueError):
    """A table that has not been made yet; the message names it and the asset to materialise first."""


class DeltaTables(dg.ConfigurableResource, ABC):
    """A folder of Delta tables. Whoever may read the folder may read the tables, by any engine."""

    @abstractmethod
    def uri(self, table: str) -> str:
        """The folder of a table: a path, or a URI."""

    def exists(self, table: str) -> bool:
        """Whether the table has been made."""
        return DeltaTable.is_deltatable(self.uri(table))

    def open(self, table: str) -> DeltaTable:
        """The newest version of a table.

        Raises:
            MissingDeltaTableError: when there is none.
        """
        if not self.exists(table):
            raise MissingDeltaTableError(f"no Delta table at {self.uri(table)}: materialise {table} first")
        return DeltaTable(self.uri(table))

    def open_version(self, table: str, version: int) -> DeltaTable:
        """A table as it was at a version: time travel."""
        return DeltaTable(self.uri(table), version=version)

    def append(self, table: str, rows: duckdb.DuckDBPyRelation, note: Mapping[str, str]) -> None:
        """Add rows in one commit that carries the note; the first commit makes the table."""
        write_deltalake(
            self.uri(table), rows, mode="append", commit_properties=CommitProperties(custom_metadata=dict(note))
        )

    def replace(self, table: str, rows: duckdb.DuckDBPyRelation, derivation: Mapping[str, object]) -> bool:
        """Replace the content, unless the newest version has this very derivation; whether it wrote a version.

        A derivation is all that decides the content: versions of the tables read, the SQL, the rules.
        """
        note = json.dumps(derivation, sort_keys=True)
        if self.exists(table) and self.open(table).history(1)[0].get(_DERIVATION) == note:
            return False
        write_deltalake(
            self.uri(table),
            rows,
            mode="overwrite",
            schema_mode="overwrite",
            commit_properties=CommitProperties(custom_metadata={_DERIVATION: note}),
        )
        return True


class LocalDeltaTables(DeltaTables):
    """Delta tables in a folder of this machine."""

    path: str

    def uri(self, table: str) -> str:
        """The path of the table's folder."""
        return str(Path(self.path) / table)


class ObjectStorageDeltaTables(DeltaTables):
    """Delta tables in a deployment's folder in object storage; credentials are the process's own identity there."""

    settings: ProductionSettings

    def uri(self, table: str) -> str:
        """The URI of the table's folder."""
        return f"{self.settings.storage().patterns}/{self.settings.pattern}/{table}"
