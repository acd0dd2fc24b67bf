"""The shop's location on deployment `dev`, demo mode off: a month of files, the same again, then what life brings.

One story: each run starts dbt, which takes seconds. Every delta was worked out by hand, as for the laptop's own story.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths

from tests.deployments import DEV
from tests.fakes.object_storage.credentials import SECRET_ACCESS_KEY
from tests.fakes.object_storage.object_storage import ObjectStorage, object_storage
from tests.fakes.shop_story import (
    BATCH_SENT_AT,
    CORRECTED,
    DAVID,
    HEATHER,
    REPEATED,
    TIMOTHY,
    land_batch,
    land_year,
)
from tests.rehearsal.dev_account import USER, dev_account, environment_of_dev, planted_secrets
from tests.rehearsal.hosts import SNOWFLAKE_ACCOUNT
from tests.rehearsal.snowflake_keys import KeyPair, make_key_pair

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

    from tests.fakes.snowflake.server import SnowflakeServer
    from tests.rehearsal.declared_account import DeclaredAccount

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

LAYERS = {"RAW_DEV": ("SHOP",), "ANALYTICS_DEV": ("BRONZE", "SILVER", "GOLD")}
# Freshness takes another dbt process, and the first run has looked at it, as at every unit test.
WITHOUT_FRESHNESS = ["shop_raw_load", "shop_dbt_build"]

type Row = dict[str, Any]
type Tables = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Shop:
    """The location, what it lies on, and who signs in to it."""

    definitions: dg.Definitions
    paths: LocalPaths
    storage: ObjectStorage
    server: "SnowflakeServer"
    account: "DeclaredAccount"
    key: KeyPair

    def refresh(self, ops: list[str], without: str) -> dg.ExecuteInProcessResult:
        """Run the job that refreshes the shop, or some of its ops; dbt leaves out the types `without`."""
        job = self.definitions.resolve_job_def("shop_refresh")
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("DBT_EXCLUDE_RESOURCE_TYPES", without)
            return job.execute_in_process(raise_on_error=False, op_selection=ops or None)

    def refresh_orders(self) -> dg.ExecuteInProcessResult:
        """Run the part of the job that brings orders to silver."""
        keys = [dg.AssetKey(["shop", *path]) for path in (["raw", "orders"], ["bronze_orders"], ["silver_orders"])]
        job = self.definitions.resolve_job_def("shop_refresh")
        return job.execute_in_process(raise_on_error=False, asset_selection=keys)

    def send(self, folder: Path) -> None:
        """Land the files of a folder in object storage, each as old as it is."""
        for file in (file for file in folder.rglob("*") if file.is_file()):
            key = f"platform/dev/landing/shop/{file.relative_to(folder).as_posix()}"
            self.storage.put(key, file.read_bytes())
            self.storage.date(key, int(file.stat().st_mtime))

    def tables(self) -> Tables:
        """The rows of every table, in one order, by its name."""
        return {
            table.lower(): self._rows(f"{database}.{schema}.{table}")
            for database, schemas in LAYERS.items()
            for schema in schemas
            for table in self.account.tables(database, schema)
        }

    def session(self) -> "SnowflakeConnection":
        """A session as dbt has one."""
        from snowflake.connector import connect

        return connect(
            account=SNOWFLAKE_ACCOUNT,
            user=USER,
            private_key=self.key.private,
            role="TRANSFORMER_DEV",
            warehouse="TRANSFORMING_DEV",
            database="ANALYTICS_DEV",
            schema="BRONZE",
            login_timeout=30,
            network_timeout=60,
        )

    def _rows(self, table: str) -> list[Row]:
        with self.server.engine.connect("RAW_DEV", "SHOP") as connection, connection.cursor() as cursor:
            cursor.execute(f"select * from {table}")
            names = [column.name.lower() for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in sorted(cursor.fetchall(), key=repr)]


@pytest.fixture
def shop(snowflake: "SnowflakeServer", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    from snowflake_medallion.definitions import defs

    key = make_key_pair()
    for name, value in environment_of_dev(key).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(EnvironmentVariable.PLATFORM_LOCAL_ROOT, str(tmp_path / "local"))
    monkeypatch.setenv(EnvironmentVariable.PLATFORM_STORAGE_URI, "s3://lake/platform")
    paths = LocalPaths(tmp_path / "local", DEV)
    with object_storage("lake") as storage, dev_account(snowflake) as account:
        for name, value in storage.environment.items():
            monkeypatch.setenv(name, value)
        snowflake.users.register(USER, key.public)
        yield Shop(defs(), paths, storage, snowflake, account, key)


def write_month(folder: Path) -> None:
    """Customers, stores and the first month of orders."""
    land_year(folder)
    for file in (folder / "orders").iterdir():
        if "2018_09" not in file.name:
            file.unlink()


def problems(run: dg.ExecuteInProcessResult) -> list[str]:
    """What went wrong, step by step."""
    errors = [event.step_failure_data.error for event in run.all_events if event.is_step_failure]
    return [str(error.cause or error) if error else "no error" for error in errors]


def first_line(run: dg.ExecuteInProcessResult) -> str:
    assert not run.success
    (failed,) = (event for event in run.all_events if event.is_step_failure)
    assert failed.step_failure_data.error is not None
    return failed.step_failure_data.error.message.splitlines()[0]


def failed_checks(run: dg.ExecuteInProcessResult) -> set[str]:
    return {check.check_name for check in run.get_asset_check_evaluations() if not check.passed}


def by(rows: list[Row], *columns: str) -> dict[Any, Row]:
    return {tuple(row[column] for column in columns): row for row in rows}


def test_the_shop_on_snowflake(
    shop: Shop, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, logger="dagster")
    sent = tmp_path / "sent"
    write_month(sent)
    shop.send(sent)
    month = shop.refresh([], without="")
    assert "\n".join(problems(month)) == ""
    checks = shop.definitions.resolve_asset_graph().asset_check_keys
    expected = {(key.asset_key, key.name) for key in checks if key.asset_key.path[0] == "shop"}
    assert {(check.asset_key, check.check_name) for check in month.get_asset_check_evaluations()} == expected
    assert failed_checks(month) == {"silver_orders_latest_order_is_recent"}
    before = shop.tables()
    assert_the_wire_is_right(shop, month.run_id)
    assert_no_time_has_a_zone(before)

    assert problems(shop.refresh(WITHOUT_FRESHNESS, without="test unit_test")) == []
    assert shop.tables() == before

    land_batch(sent)
    shop.send(sent)
    shop.server.failures.deny("merge into .*silver_orders", "table 'SILVER_ORDERS'", times=1)
    refused = shop.refresh_orders()
    assert "`make permissions` shows which ones it should have" in first_line(refused)
    assert shop.tables()["silver_orders"] == before["silver_orders"]

    # The last run loads nothing more; its merge is done, and its connection breaks before that is said.
    shop.server.failures.cut("merge into .*silver_orders", has_run=True, times=1)
    shop.server.queries.clear()
    batch = shop.refresh(WITHOUT_FRESHNESS, without="unit_test")
    assert problems(batch) == []
    assert len(shop.server.queries.matching("merge into .*silver_orders")) == 1
    assert failed_checks(batch) == {"landed_files_accepted", "silver_orders_latest_order_is_recent"}
    assert_deltas(before, shop.tables())
    assert_two_builds_at_once_take_a_file_once(shop)

    shop.server.users.register(USER, make_key_pair().public)
    turned_away = shop.refresh(["shop_source_freshness"], without="")
    assert "set the private key whose public key the user has now" in first_line(turned_away)

    events = f"{month.all_events}{refused.all_events}{batch.all_events}{turned_away.all_events}"
    assert_no_secret(shop, f"{events}{caplog.text}{capfd.readouterr()}")


def assert_the_wire_is_right(shop: Shop, run_id: str) -> None:
    """Each model is built as the one role, on its layer's warehouse, under its own tag, of its own kind."""
    built = {
        "bronze_orders": "create or replace transient table ANALYTICS_DEV.bronze.bronze_orders",
        "silver_customers": "create or replace transient table ANALYTICS_DEV.silver.silver_customers",
        "silver_orders": "create or replace transient table ANALYTICS_DEV.silver.silver_orders",
        "gold_customer_summary": "create or replace table ANALYTICS_DEV.gold.gold_customer_summary",
    }
    for model, start in built.items():
        (create,) = shop.server.queries.matching(rf"{start.replace('.', r'\.')}\b")
        assert (create.user, create.role, create.warehouse) == (USER, "TRANSFORMER_DEV", "TRANSFORMING_DEV")
        assert create.query_tag == f'{{"pipeline": "shop", "asset": "shop/{model}", "run_id": "{run_id}"}}'
    (clustered,) = shop.server.queries.matching(r"cluster by")
    assert "alter table ANALYTICS_DEV.silver.silver_orders cluster by (to_date(ordered_at))" in clustered.text
    assert len(shop.server.queries.matching(r"^copy into RAW_DEV\.SHOP\.")) == 3
    assert shop.server.queries.matching("^(grant|revoke|create (database|schema))") == []


def assert_no_time_has_a_zone(tables: Tables) -> None:
    """Whatever `timestamp` means in the account: here it means one with a zone."""
    times = {
        (table, column): value.tzinfo
        for table, rows in tables.items()
        for row in rows
        for column, value in row.items()
        if isinstance(value, datetime)
    }
    assert {("gold_customer_summary", "first_order_at"), ("gold_customer_history", "dbt_valid_from")} <= set(times)
    assert set(times.values()) == {None}


def assert_deltas(before: Tables, after: Tables) -> None:
    was, now = (by(tables["gold_customer_summary"], "customer_id") for tables in (before, after))
    assert now[TIMOTHY,]["lifetime_value"] - was[TIMOTHY,]["lifetime_value"] == Decimal("2.12")
    assert now[TIMOTHY,]["customer_name"] == "Timothy Waller-Stone"
    for customer, spent in ((DAVID, "5.20"), (HEATHER, "10.60")):
        assert now[customer,]["orders"] - (was[customer,]["orders"]) == 1
        assert now[customer,]["lifetime_value"] - was[customer,]["lifetime_value"] == Decimal(spent)
    assert set(now) - set(was) == {("customer-new",)}
    value = [sum(row["lifetime_value"] for row in rows.values()) for rows in (was, now)]
    assert value[1] - value[0] == Decimal("17.92")

    days = [by(tables["gold_store_daily_sales"], "store", "day") for tables in (before, after)]
    changed = {
        day: (row["orders"], row["revenue"], row["tax"]) for day, row in days[1].items() if days[0].get(day) != row
    }
    assert changed == {
        ("Philadelphia", date(2018, 9, 1)): (
            days[0]["Philadelphia", date(2018, 9, 1)]["orders"],
            Decimal("588.00"),
            Decimal("35.26"),
        ),
        ("Brooklyn", date(2019, 3, 11)): (1, Decimal("5.00"), Decimal("0.20")),
        ("Philadelphia", date(2019, 9, 1)): (1, Decimal("10.00"), Decimal("0.60")),
    }

    orders = [by(tables["silver_orders"], "order_id") for tables in (before, after)]
    assert {key for key, row in orders[1].items() if orders[0].get(key) != row} == {
        (CORRECTED,),
        (REPEATED,),
        ("late-1",),
        ("new-1",),
    }
    (rejected,) = after["silver_rejected_rows"]
    assert (rejected["reason"], rejected["_source_row"]) == ("subtotal is not a whole number of cents", 5)
    versions = {
        row["customer_name"]: row["dbt_valid_to"]
        for row in after["gold_customer_history"]
        if row["customer_id"] == TIMOTHY
    }
    assert versions == {"Timothy Waller": BATCH_SENT_AT.replace(tzinfo=None), "Timothy Waller-Stone": None}
    assert len(after["gold_customer_history"]) == len(before["gold_customer_history"]) + 2


def assert_two_builds_at_once_take_a_file_once(shop: Shop) -> None:
    """As in a branch deployment, where no pool keeps runs apart: each looks before the other has committed."""
    (view,) = shop.server.queries.matching(r"create or replace\s+temporary view \S*bronze_customers__dbt_tmp")
    (added,) = shop.server.queries.matching(r"^\s*(insert|merge) into \S*bronze_customers\b")
    raw = "RAW_DEV.SHOP.CUSTOMERS"
    with shop.server.engine.connect("RAW_DEV", "SHOP") as connection, connection.cursor() as cursor:
        cursor.execute(f"create table one_row as select * from {raw} limit 1")
        cursor.execute("update one_row set _source_sha256 = 'of a file that two take at once'")
        cursor.execute(f"insert into {raw} select * from one_row")
        cursor.execute("drop table one_row")

    def build(session: "SnowflakeConnection") -> None:
        for statement in ("begin", added.text, "commit"):
            session.cursor().execute(statement)

    with shop.session() as one, shop.session() as other, ThreadPoolExecutor(1) as beside:
        for session in (one, other):
            session.cursor().execute(view.text)
        one.cursor().execute("begin")
        one.cursor().execute(added.text)
        building = beside.submit(build, other)
        while len(shop.server.queries.matching(r"^\s*(insert|merge) into \S*bronze_customers\b")) < 3:
            assert not building.done()
        one.cursor().execute("commit")
        building.result(timeout=60)
    taken = [row for row in shop.tables()["bronze_customers"] if "two take" in row["_source_sha256"]]
    assert len(taken) == 1


def assert_no_secret(shop: Shop, said: str) -> None:
    """Neither in what was said nor in any file that a run left: dbt's logs, manifests, parsed projects and results."""
    files = {file: file.read_bytes() for file in shop.paths.root.rglob("*") if file.is_file()}
    assert {"dbt.log", "manifest.json", "partial_parse.msgpack", "run_results.json"} <= {file.name for file in files}
    assert not [file for file in files if ".csv" in file.name]
    for secret in (SECRET_ACCESS_KEY, *planted_secrets(environment_of_dev(shop.key), shop.key)):
        assert secret not in said
        assert [file for file, content in files.items() if secret.encode() in content] == []
