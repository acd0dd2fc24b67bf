"""The raw load into Snowflake, through the real connector: as DuckDB's, and what it does when something goes wrong."""

import csv
import hashlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, override

import dagster as dg
import pytest
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths
from platform_runtime.files.folder import Folder
from platform_runtime.files.landed_file import Listing
from platform_runtime.files.staged_csv import write_staged
from platform_runtime.platform_context import PlatformContext
from snowflake_medallion.duckdb_raw_store import DuckDBRawStore
from snowflake_medallion.landings import local_landing
from snowflake_medallion.raw_assets import raw_assets
from snowflake_medallion.raw_load import load_tables
from snowflake_medallion.raw_rows import RawRows
from snowflake_medallion.raw_stores import raw_store_of
from snowflake_medallion.snowflake_raw_store import SnowflakeRawStore

from tests.code_locations.snowflake_medallion.landed_formats import ROWS, TABLES, land_formats
from tests.deployments import DEV
from tests.fakes.shop_tables import LATEST_STORES, SHOP, SHOP_TABLES
from tests.fakes.snowflake.snowflake_failures import SnowflakeRefusal
from tests.fakes.what_leaves import PERSON
from tests.rehearsal.dev_account import PASSPHRASE, USER, dev_account, environment_of_dev, planted_secrets
from tests.rehearsal.snowflake_keys import KeyPair, make_key_pair

if TYPE_CHECKING:
    from tests.fakes.snowflake.server import SnowflakeServer
    from tests.rehearsal.declared_account import DeclaredAccount

pytestmark = pytest.mark.slow

STORES = [
    ["id", "name", "opened_at", "tax_rate"],
    ["s1", "Rome", "2019-01-01T00:00:00", "0.1"],
    ["s2", 'Oslo, "north"\nharbour', "", "0.25"],
    ["s3", "back\\slash \\N", "\\N", " NULL "],
    ["s4", "Zürich ☃", "00:00", ""],
]
ROME = [STORES[0], STORES[1]]
COPY = r"^copy into RAW_DEV\.SHOP\.stores"

type Plan = Callable[["SnowflakeServer"], None]


@dataclass(frozen=True, slots=True)
class MeetingLanding(Folder):
    """A landing whose files are read once that many loads want to: each has looked by then what its table holds."""

    landing: Folder
    meeting: threading.Barrier

    @property
    @override
    def location(self) -> str:
        return self.landing.location

    @override
    def listing(self) -> Listing:
        return self.landing.listing()

    @override
    def opened(self, name: str) -> AbstractContextManager[BinaryIO]:
        self.meeting.wait()
        return self.landing.opened(name)


@pytest.fixture(scope="module")
def account(snowflake_server: "SnowflakeServer") -> Iterator["DeclaredAccount"]:
    with dev_account(snowflake_server) as declared:
        yield declared


@pytest.fixture
def key(account: "DeclaredAccount", snowflake: "SnowflakeServer", monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyPair]:
    """The key of the user that the environment names; no raw table is there yet."""
    made = make_key_pair()
    snowflake.users.register(USER, made.public)
    for name, value in environment_of_dev(made).items():
        monkeypatch.setenv(name, value)
    yield made
    for table in account.tables("RAW_DEV", "SHOP"):
        query(snowflake, f"drop table RAW_DEV.SHOP.{table}")


@pytest.fixture
def paths(tmp_path: Path) -> LocalPaths:
    return LocalPaths(tmp_path / "local_root", DEV)


def land(paths: LocalPaths, name: str, rows: list[list[str]]) -> None:
    path = local_landing(paths, SHOP).path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def store(**changed: int) -> SnowflakeRawStore:
    found = raw_store_of(PlatformContext(DEV, demo_mode=False), SHOP)
    assert isinstance(found, SnowflakeRawStore)
    return SnowflakeRawStore(domain=SHOP.name, access=found.access.model_copy(update=changed), stage=found.stage)


def load(paths: LocalPaths, into: dg.ConfigurableResource | None = None) -> dg.ExecuteInProcessResult:
    """A run of the raw load of stores."""
    assets = raw_assets(local_landing(paths, SHOP), SHOP_TABLES, paths.scratch, "snowflake", [])
    resources = {"shop_raw_store": into or store()}
    return dg.materialize([assets], selection="key:shop/raw/stores", resources=resources, raise_on_error=False)


def query(server: "SnowflakeServer", sql: str) -> list[tuple[Any, ...]]:
    """An administrator's statement, past the wire."""
    with server.engine.connect("RAW_DEV", "SHOP") as connection, connection.cursor() as cursor:
        return [tuple(row) for row in cursor.execute(sql).fetchall()]


def stores(server: "SnowflakeServer") -> list[tuple[Any, ...]]:
    return query(server, "select id, name, _source_file from RAW_DEV.SHOP.stores order by 1, 2, 3")


def first_line(result: dg.ExecuteInProcessResult) -> str:
    assert not result.success
    (failed,) = (event for event in result.all_events if event.is_step_failure)
    assert failed.step_failure_data.error is not None
    return failed.step_failure_data.error.message.splitlines()[0]


def test_every_row_is_as_in_duckdb(paths: LocalPaths, key: KeyPair, snowflake: "SnowflakeServer") -> None:
    land(paths, "stores/stores.csv", STORES)
    run = load(paths)
    assert run.success
    local = DuckDBRawStore(database=str(paths.raw_database), schema_name="shop", patience_seconds=0)
    assert load(paths, local).success
    columns = "id, name, opened_at, tax_rate, _source_file, _source_sha256, _source_row, _source_modified_at"
    with local.open("none") as session:
        expected = session._connection.execute(f"select {columns} from shop.stores order by id").fetchall()  # pyright: ignore[reportAttributeAccessIssue]
    assert query(snowflake, f"select {columns} from RAW_DEV.SHOP.stores order by id") == expected
    assert [row[:4] for row in expected] == [tuple(value or None for value in row) for row in STORES[1:]]

    (copied,) = snowflake.queries.matching(COPY)
    assert (copied.user, copied.role, copied.warehouse) == (USER, "LOADER_DEV", "LOADING_DEV")
    assert copied.query_tag == f'{{"pipeline": "shop", "asset": "shop/raw/stores", "run_id": "{run.run_id}"}}'


@pytest.mark.usefixtures("key")
def test_a_look_at_what_is_loaded_makes_no_table(paths: LocalPaths, snowflake: "SnowflakeServer") -> None:
    assert store().loaded(SHOP_TABLES) == set()
    assert query(snowflake, "show tables in schema RAW_DEV.SHOP") == []
    land(paths, "stores/a.csv", ROME)
    assert load(paths).success
    content = (local_landing(paths, SHOP).path / "stores" / "a.csv").read_bytes()
    assert store().loaded(SHOP_TABLES) == {hashlib.sha256(content).hexdigest()}


def test_what_is_loaded_is_told_by_content(paths: LocalPaths, key: KeyPair, snowflake: "SnowflakeServer") -> None:
    land(paths, "stores/a.csv", ROME)
    land(paths, "stores/b.csv", ROME)
    assert load(paths).success
    assert stores(snowflake) == [("s1", "Rome", "stores/a.csv")]
    land(paths, "stores/a.csv", [ROME[0], ["s1", "Roma", "", ""]])
    assert load(paths).success
    corrected = [("s1", "Roma", "stores/a.csv"), ("s1", "Rome", "stores/a.csv")]
    assert stores(snowflake) == corrected
    snowflake.queries.clear()
    assert load(paths).success
    assert snowflake.queries.matching("^(put|copy|insert)") == []
    # A restore takes rows away.
    query(snowflake, "delete from RAW_DEV.SHOP.stores")
    assert load(paths).success
    assert [row[:2] for row in stores(snowflake)] == [row[:2] for row in corrected]


def test_of_each_file_the_latest_version_stands(paths: LocalPaths, key: KeyPair, snowflake: "SnowflakeServer") -> None:
    quoted = "stores/o'clock\\n.csv"

    def load_latest() -> tuple[int, int]:
        (loaded,) = load_tables(
            store(), local_landing(paths, SHOP), [LATEST_STORES], paths.scratch, "run", declared=[LATEST_STORES]
        )
        return loaded.rows_loaded, loaded.rows

    rome, roma = ROME, [ROME[0], ["s1", "Roma", "", ""]]
    land(paths, quoted, rome)
    land(paths, "stores/b.csv", rome)
    assert load_latest() == (2, 2)
    land(paths, quoted, roma)
    assert load_latest() == (1, 2)
    assert stores(snowflake) == [("s1", "Roma", quoted), ("s1", "Rome", "stores/b.csv")]
    land(paths, quoted, rome)
    assert load_latest() == (1, 2)
    assert stores(snowflake) == [("s1", "Rome", "stores/b.csv"), ("s1", "Rome", quoted)]
    assert load_latest() == (0, 2)


def test_loads_at_once_load_each_file_once(paths: LocalPaths, key: KeyPair, snowflake: "SnowflakeServer") -> None:
    land(paths, "stores/a.csv", ROME)
    land(paths, "stores/b.csv", [ROME[0], ["s2", "Oslo", "", ""]])
    landing = MeetingLanding(local_landing(paths, SHOP), threading.Barrier(3, timeout=60))

    def load_once(number: int) -> tuple[int, int]:
        (loaded,) = load_tables(
            store(), landing, [SHOP_TABLES[1]], paths.scratch / str(number), f"run-{number}", declared=SHOP_TABLES
        )
        return len(loaded.loaded), loaded.present

    with ThreadPoolExecutor(max_workers=3) as pool:
        loads = list(pool.map(load_once, range(3)))
    assert [sum(counts) for counts in zip(*loads, strict=True)] == [2, 4]
    assert stores(snowflake) == [("s1", "Rome", "stores/a.csv"), ("s2", "Oslo", "stores/b.csv")]
    assert query(snowflake, "list @RAW_DEV.SHOP.LANDING") == []


def test_what_is_staged_follows_from_the_file_alone(paths: LocalPaths, tmp_path: Path) -> None:
    land(paths, "stores/a.csv", STORES)
    landing = local_landing(paths, SHOP)
    (file,) = landing.listing().files
    for copy in (tmp_path / "one", tmp_path / "other"):
        with landing.hashed(file) as hashed:
            assert write_staged(RawRows(SHOP_TABLES[1], hashed).batches(), copy) == len(STORES) - 1
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_load_that_waits_too_long_for_its_turn_says_so(
    paths: LocalPaths, key: KeyPair, snowflake: "SnowflakeServer"
) -> None:
    land(paths, "stores/a.csv", ROME)
    with store().open("another") as session:
        session.begin(SHOP_TABLES[1])
        session._query("begin")  # pyright: ignore[reportAttributeAccessIssue]
        session._query("update RAW_DEV.SHOP.LOAD_TURNS set turns = 0")  # pyright: ignore[reportAttributeAccessIssue]
        failed = load(paths, store(queue_timeout_seconds=1))
    assert "another load or build is at work on the same table" in first_line(failed)
    assert load(paths).success


def drop_column(server: "SnowflakeServer") -> None:
    columns = [f"{name} {kind}" for name, kind in SHOP_TABLES[1].column_types.items() if name != "name"]
    query(server, f"create table RAW_DEV.SHOP.stores ({', '.join(columns)})")


def put_column_back(server: "SnowflakeServer") -> None:
    query(server, "alter table RAW_DEV.SHOP.stores add column name varchar")


FAILURES: dict[str, tuple[Plan, str]] = {
    "a used-up quota": (
        lambda account: account.failures.suspend_by_monitor("LOADING_DEV", times=99),
        "raise `credit_quota` in the stack's settings",
    ),
    "a suspended warehouse": (
        lambda account: account.failures.suspend(COPY, times=9),
        "bring the deployment's stack up",
    ),
    "a timeout": (lambda account: account.failures.time_out(COPY, 600, times=9), "give it more time or size"),
    "no privilege to stage": (
        lambda account: account.failures.deny("^put", "stage 'LANDING'", times=9),
        "`make permissions` shows which ones it should have",
    ),
    "no privilege to copy": (
        lambda account: account.failures.deny(COPY, "table 'STORES'", times=9),
        "`make permissions` shows which ones it should have",
    ),
    # Snowflake's documentation, "Troubleshooting bulk data loads": the value, then file and line.
    "a value that is no number": (
        lambda account: account.failures.refuse(
            SnowflakeRefusal(
                COPY, 100038, "22018", f"Numeric value '{PERSON}' is not recognized\n  File 'a.csv'", times=9
            )
        ),
        "Snowflake refused a statement for the reason below",
    ),
    "a dropped column": (drop_column, "put back what somebody changed"),
    "another key": (
        lambda account: account.users.register(USER, make_key_pair().public),
        "set the private key whose public key the user has now",
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_says_what_to_do_loads_nothing_and_is_over_with_its_cause(  # noqa: PLR0917 - pytest's own fixtures
    paths: LocalPaths,
    account: "DeclaredAccount",
    key: KeyPair,
    snowflake: "SnowflakeServer",
    failure: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    plan, remedy = FAILURES[failure]
    land(paths, "stores/a.csv", STORES)
    plan(snowflake)
    failed = load(paths)
    assert remedy in first_line(failed)
    # What is not transient is not tried again.
    assert len(snowflake.queries.matching(COPY)) <= 1
    if "STORES" in account.tables("RAW_DEV", "SHOP"):
        assert query(snowflake, "select count(*) from RAW_DEV.SHOP.stores") == [(0,)]

    said = f"{failed.all_events} {caplog.text} {capfd.readouterr()}"
    assert not [secret for secret in planted_secrets(environment_of_dev(key), key)[1:] if secret in said]
    assert PASSPHRASE not in said
    assert PERSON not in said

    snowflake.failures.clear()
    snowflake.users.register(USER, key.public)
    if failure == "a dropped column":
        put_column_back(snowflake)
    assert load(paths).success
    assert query(snowflake, "select count(*) from RAW_DEV.SHOP.stores") == [(4,)]


def test_a_key_that_cannot_be_read_is_named_and_not_shown(
    paths: LocalPaths, key: KeyPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE, "another")
    failed = load(paths)
    error = next(event.step_failure_data.error for event in failed.all_events if event.is_step_failure)
    assert error is not None
    assert error.cause is not None
    assert "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE does not open SNOWFLAKE_PRIVATE_KEY" in error.cause.message
    assert "another" not in error.to_string()


@pytest.mark.parametrize("has_run", [False, True])
def test_a_connection_that_breaks_once_is_made_again_and_loads_once(
    paths: LocalPaths, key: KeyPair, snowflake: "SnowflakeServer", has_run: bool
) -> None:
    land(paths, "stores/a.csv", ROME)
    snowflake.failures.cut(COPY, has_run, times=1)
    assert load(paths).success
    assert stores(snowflake) == [("s1", "Rome", "stores/a.csv")]
    assert len(snowflake.queries.matching(COPY)) == 1


def test_a_connection_that_stays_broken_fails_in_time(
    paths: LocalPaths, key: KeyPair, snowflake: "SnowflakeServer"
) -> None:
    land(paths, "stores/a.csv", ROME)
    snowflake.failures.cut(COPY, has_run=False, times=99)
    failed = load(paths, store(queue_timeout_seconds=1, statement_timeout_seconds=1))
    assert "Snowflake cannot be reached: check the network" in first_line(failed)
    snowflake.failures.clear()
    assert load(paths).success
    assert stores(snowflake) == [("s1", "Rome", "stores/a.csv")]


@pytest.mark.parametrize(
    ("stop", "how"), [(signal.SIGINT, "cancellation"), (signal.SIGTERM, "the session's end")], ids=["int", "term"]
)
def test_a_run_that_is_stopped_leaves_no_statement_behind(
    paths: LocalPaths, key: KeyPair, snowflake: "SnowflakeServer", stop: signal.Signals, how: str
) -> None:
    land(paths, "stores/a.csv", ROME)
    held = snowflake.failures.hold(COPY)

    def stop_once_it_runs() -> None:
        assert held.begun.wait(60)
        os.kill(os.getpid(), stop)

    watcher = threading.Thread(target=stop_once_it_runs)
    watcher.start()
    assert not load(paths).success
    watcher.join()
    assert held.ended_by == how
    assert stores(snowflake) == []
    assert load(paths).success
    assert stores(snowflake) == [("s1", "Rome", "stores/a.csv")]


def test_every_format_is_the_same_in_snowflake(paths: LocalPaths, key: KeyPair, snowflake: "SnowflakeServer") -> None:
    land_formats(paths.landing / "shop")
    loads = load_tables(store(), local_landing(paths, SHOP), TABLES, paths.scratch, "run", declared=TABLES)
    assert [(load.rows_loaded, load.refused) for load in loads] == [(2, ())] * 3
    for table in TABLES:
        columns = ", ".join(table.columns)
        found = query(snowflake, f"select {columns} from RAW_DEV.SHOP.{table.name} order by _source_row")
        assert found == ROWS[table.name]
        query(snowflake, f"drop table RAW_DEV.SHOP.{table.name}")
