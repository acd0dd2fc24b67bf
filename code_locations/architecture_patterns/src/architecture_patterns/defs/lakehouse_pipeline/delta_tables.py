import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
import duckdb
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError

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

    def made(self, table: str, rows: duckdb.DuckDBPyRelation) -> DeltaTable:
        """The newest version of a table, which is made with the columns of these rows where there is none."""
        if not self.exists(table):
            try:
                write_deltalake(self.uri(table), rows.limit(0), mode="error")
            except DeltaError:
                # Two runs may make it at once: the slower one finds it made.
                if not self.exists(table):
                    raise
        return self.open(table)

    def append_once(
        self, seen: DeltaTable, content: str, rows: duckdb.DuckDBPyRelation, note: Mapping[str, str]
    ) -> bool:
        """Add rows in one commit that carries the note, and say whether that was done.

        It was not where somebody else has added the same content, or changed the table otherwise, since `seen` was
        opened: then open it anew, and look what it holds.

        Args:
            seen: the version of the table in which the content was looked for and not found.
            content: what names the content, the same whoever adds it.
            rows: the content.
            note: what the table's history keeps.
        """
        once = CommitProperties(custom_metadata=dict(note), app_transactions=[Transaction(content, seen.version() + 1)])
        try:
            write_deltalake(seen, rows, mode="append", commit_properties=once)
        except CommitFailedError:
            return False
        return True

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
