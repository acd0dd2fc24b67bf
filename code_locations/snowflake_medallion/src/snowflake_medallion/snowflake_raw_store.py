from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, override

from platform_runtime.files.staged_csv import COPY_FORMAT, write_staged
from platform_runtime.load_turns import make_turns, take_turn
from platform_runtime.query_tag import query_tag
from platform_runtime.snowflake_failure import snowflake_failure

from snowflake_medallion.asset_keys import raw_asset_key
from snowflake_medallion.raw_rows import RawRows
from snowflake_medallion.raw_store import RawSession, RawStore
from snowflake_medallion.raw_table import RawTable, Versions
from snowflake_medallion.snowflake_access import SnowflakeAccess

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

_LOADED = "LOADED"
# A look at what is loaded, by a sensor.
_NO_RUN = "none"


class SnowflakeRawStore(RawStore):
    """Raw tables in a schema of Snowflake, loaded through an internal stage.

    Account and credential come from the environment when the store is opened, never from configuration.
    """

    domain: str
    access: SnowflakeAccess
    stage: str

    @override
    def loaded(self, tables: Iterable[RawTable]) -> set[str]:
        """Sign in and ask the tables.

        Raises:
            MissingSettingsError: naming every setting that the environment lacks.
            ContractError: when the private key cannot be read.
            dagster.Failure: for any error of Snowflake; its first line says what to do.
        """
        with self.open(_NO_RUN) as session:
            made = session.made()
            return {file for table in tables if table.name in made for file in session.loaded(table)}

    @override
    @contextmanager
    def open(self, run_id: str) -> Iterator["SnowflakeRawSession"]:
        """Sign in; the session ends with the block, and so does whatever it still runs.

        Raises:
            MissingSettingsError: naming every setting that the environment lacks.
            ContractError: when the private key cannot be read.
            dagster.Failure: for any error of Snowflake; its first line says what to do.
        """
        with self.access.connect(
            "the raw load into Snowflake", query_tag(self.domain, self.domain, run_id)
        ) as connection:
            schema = f"{self.access.database}.{self.access.schema_name}"
            yield SnowflakeRawSession(connection, schema, self.stage, run_id)


class SnowflakeRawSession(RawSession):
    """An open Snowflake session."""

    def __init__(self, connection: "SnowflakeConnection", schema: str, stage: str, run_id: str) -> None:
        self._connection = connection
        self._schema = schema
        self._stage = stage
        self._run_id = run_id

    def made(self) -> set[str]:
        """The names of the tables that have been made."""
        database, schema = self._schema.split(".")
        sql = f"select table_name from {database}.information_schema.tables where table_schema = '{schema}'"  # noqa: S608
        return {name.lower() for (name,) in self._query(sql)}

    @override
    def begin(self, table: RawTable) -> None:
        """Let the query history know for which table the statements are, and make what the load needs."""
        tag = query_tag(table.domain.name, raw_asset_key(table.domain, table.name).to_user_string(), self._run_id)
        self._query(f"alter session set query_tag = '{tag}'")
        columns = ", ".join(f"{name} {kind}" for name, kind in table.column_types.items())
        self._query(f"create table if not exists {self._name(table)} ({columns})")
        self._query(make_turns(self._schema))

    @override
    def loaded(self, table: RawTable) -> set[str]:
        """The identities of the files whose rows the table holds."""
        sql = f"select distinct _source_file, _source_sha256 from {self._name(table)}"  # noqa: S608 - the contract's name
        return {table.identity(file, sha256) for file, sha256 in self._query(sql)}

    @override
    def append(self, rows: RawRows, scratch: Path) -> int | None:
        """Stage the file and copy it in, all of its rows or none, while no other load is at work."""
        with TemporaryDirectory(dir=scratch, prefix="staged-") as folder:
            # Read whole before anybody waits for it; its bytes follow from the landed file alone.
            staged = Path(folder) / f"{rows.table.name}-{rows.hashed.sha256}.csv.gz"
            count = write_staged(rows.batches(), staged)
            with self._turn():
                if self._holds(rows):
                    return None
                self._remove_replaced(rows)
                if count:
                    self._copy(rows.table, staged)
        return count

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """A transaction in which no other load looks or writes; an error ends the session, which undoes it."""
        self._query("begin")
        self._query(take_turn(self._schema))
        yield
        self._query("commit")

    def _holds(self, rows: RawRows) -> bool:
        # A hash is hexadecimal: it cannot break out of its quotes.
        same = f"_source_sha256 = '{rows.hashed.sha256}'"
        where = same if rows.table.versions is Versions.ALL else f"{same} and {_of_its_name(rows)}"
        return bool(self._query(f"select 1 from {self._name(rows.table)} where {where} limit 1"))  # noqa: S608

    def _remove_replaced(self, rows: RawRows) -> None:
        if rows.table.versions is Versions.LATEST:
            self._query(f"delete from {self._name(rows.table)} where {_of_its_name(rows)}")  # noqa: S608

    def _copy(self, table: RawTable, staged: Path) -> None:
        folder = f"@{self._schema}.{self._stage}/{table.name}"
        self._query(f"put 'file://{staged.as_posix()}' {folder} auto_compress = false overwrite = true")
        fields = ", ".join(f"${number}" for number, _ in enumerate(table.staged_types, start=1))
        # One time for all rows: METADATA$START_SCAN_TIME may differ between them. The session's time zone is UTC.
        rows = f"select {fields}, current_timestamp()::timestamp_ntz from {folder}/{staged.name}"  # noqa: S608
        outcome = self._query(
            f"copy into {self._name(table)} ({', '.join(table.column_types)}) from ({rows})"
            # Forced: the table tells what is loaded. The load history would remember what a restore has taken away.
            f" file_format = ({COPY_FORMAT}) on_error = abort_statement purge = true force = true"
        )
        # One row a file: its name, then what became of it; a file that is not there is no error of COPY's.
        statuses = [row[1:2] for row in outcome]
        if statuses != [(_LOADED,)]:
            raise snowflake_failure(f"the raw load of {staged.name}", f"COPY INTO has not loaded it: {statuses}")

    @override
    def count(self, table: RawTable) -> int:
        """How many rows the table holds."""
        sql = f"select count(*) from {self._name(table)}"  # noqa: S608 - the name is the contract's
        ((rows,),) = self._query(sql)
        return rows

    def _query(self, sql: str) -> Sequence[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def _name(self, table: RawTable) -> str:
        return f"{self._schema}.{table.name}"


def _of_its_name(rows: RawRows) -> str:
    # Whoever lands a file names it: a quote and a backslash are escaped, as Snowflake's string constants ask.
    name = rows.hashed.file.name.replace("\\", "\\\\").replace("'", "''")
    return f"_source_file = '{name}'"
