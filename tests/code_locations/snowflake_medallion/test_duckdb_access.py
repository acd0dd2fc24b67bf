import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from platform_contract.local_paths import LocalPaths
from snowflake_medallion.dbt_engine import DuckDBEngine
from snowflake_medallion.duckdb_access import DatabaseBusyError, connect_to_read, connect_to_write
from snowflake_medallion.duckdb_raw_store import DuckDBRawStore
from snowflake_medallion.landings import local_landing
from snowflake_medallion.raw_load import load_tables

from tests.fakes.shop_tables import SHOP, SHOP_TABLES

pytestmark = pytest.mark.slow

HOLD = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read")
print("open", flush=True)
time.sleep(float(sys.argv[3]))
"""


@contextmanager
def held_elsewhere(database: Path, how: str, seconds: float) -> Iterator[int]:
    command = [sys.executable, "-c", HOLD, str(database), how, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        try:
            yield holder.pid
        finally:
            holder.terminate()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    duckdb.connect(tmp_path / "raw.duckdb").close()
    return tmp_path / "raw.duckdb"


def test_a_writer_waits_for_a_reader_and_then_says_who_and_what_to_do(database: Path) -> None:
    with held_elsewhere(database, "read", 60) as pid:
        started = time.monotonic()
        with pytest.raises(DatabaseBusyError) as busy:
            connect_to_write(database, patience_seconds=0.5)
        assert 0.5 <= time.monotonic() - started < 5
    message = str(busy.value)
    assert message.startswith(f"{database} has been open in ")
    assert f"(PID {pid}) for the 0.5 seconds that we waited" in message
    assert message.endswith("close it there (a notebook, a DuckDB shell, a run) and try again")


def test_a_writer_gets_the_file_once_the_reader_is_done(database: Path) -> None:
    with held_elsewhere(database, "read", 1), connect_to_write(database, patience_seconds=20) as connection:
        connection.execute("create table t (i int)")


def test_readers_share_a_file_but_not_with_a_writer(database: Path) -> None:
    with held_elsewhere(database, "read", 60):
        connect_to_read(database, patience_seconds=0).close()
    with held_elsewhere(database, "write", 60), pytest.raises(DatabaseBusyError):
        connect_to_read(database, patience_seconds=0)


def test_what_is_no_lock_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(duckdb.IOException, match="does not exist"):
        connect_to_read(tmp_path / "none.duckdb", patience_seconds=60)


def test_a_load_that_finds_the_store_busy_loads_nothing_and_says_so(paths: LocalPaths) -> None:
    paths.raw_database.parent.mkdir(parents=True)
    store = DuckDBRawStore(database=str(paths.raw_database), schema_name="shop", patience_seconds=0.3)
    with (
        held_elsewhere(paths.raw_database, "write", 60),
        pytest.raises(DatabaseBusyError, match=r"raw\.duckdb has been"),
    ):
        load_tables(store, local_landing(paths, SHOP), SHOP_TABLES, paths.scratch, "none", declared=SHOP_TABLES)
    loads = load_tables(store, local_landing(paths, SHOP), SHOP_TABLES, paths.scratch, "none", declared=SHOP_TABLES)
    assert [load.rows for load in loads] == [0, 0, 0]


def test_dbt_is_not_started_on_files_that_are_busy_or_missing(paths: LocalPaths) -> None:
    engine = DuckDBEngine(paths, patience_seconds=0.3)
    with pytest.raises(FileNotFoundError, match=r"raw\.duckdb is not there yet: materialise the raw assets"):
        engine.check_ready()
    connect_to_write(paths.raw_database, 0).close()
    engine.check_ready()
    with (
        held_elsewhere(paths.analytics_database, "read", 60),
        pytest.raises(DatabaseBusyError, match=r"analytics\.duckdb"),
    ):
        engine.check_ready()
    with held_elsewhere(paths.raw_database, "read", 60):
        engine.check_ready()
