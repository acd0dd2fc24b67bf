"""The shop's files in object storage: loaded, refused and looked for as those in a folder of this machine are."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from platform_contract.local_paths import LocalPaths
from platform_contract.settings import MissingSettingsError
from platform_runtime.automation import Automation
from platform_runtime.files.folder import Folder
from platform_runtime.files.local_folder import LocalFolder
from platform_runtime.platform_context import PlatformContext
from snowflake_medallion.landing_sensor import landing_sensor
from snowflake_medallion.landings import StoredLanding, landing_of
from snowflake_medallion.raw_load import TableLoad, load_tables, local_raw_store
from snowflake_medallion.refresh import refresh_job

from tests.deployments import DEV, LOCAL
from tests.fakes.object_storage.object_storage import ObjectStorage, object_storage
from tests.fakes.shop_story import SAMPLE
from tests.fakes.shop_tables import SHOP, SHOP_TABLES

STORES = b"id,name,opened_at,tax_rate\ns1,Rome,2019-01-01T00:00:00,0.1\n"
FILES = {
    "orders/orders_2018_09.csv.gz": (SAMPLE / "orders" / "orders_2018_09.csv.gz").read_bytes(),
    "stores/a.csv": STORES,
    "stores/b.csv": STORES,
    "stores/c.csv": b"id,name\ns2,Oslo\n",
    "orders.csv": b"id\n",
    "stores/.d.csv.arriving-7": b"id,na",
}
SENT_AT = datetime(2019, 9, 1, 4, tzinfo=UTC)

type Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def bucket() -> Iterator[ObjectStorage]:
    with object_storage("lake") as running:
        yield running


@pytest.fixture
def storage(bucket: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> ObjectStorage:
    """Object storage in which the files of deployment `dev` have landed, and what a run finds it by."""
    settings = {
        "PLATFORM_STORAGE_URI": "s3://lake/platform/",
        "SNOWFLAKE_ACCOUNT": "o-a",
        "SNOWFLAKE_USER": "DAGSTER_DEV",
        "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "AWS",
    }
    for name, value in {**bucket.environment, **settings}.items():
        monkeypatch.setenv(name, value)
    for name, content in FILES.items():
        bucket.put(f"platform/dev/landing/shop/{name}", content)
    bucket.date("platform/dev/landing/shop/", int(SENT_AT.timestamp()))
    return bucket


@pytest.fixture
def paths(tmp_path: Path) -> LocalPaths:
    return LocalPaths(tmp_path / "local_root", DEV)


def landing() -> Folder:
    return landing_of(PlatformContext(DEV, demo_mode=False), SHOP)


def on_this_machine(folder: Path) -> LocalFolder:
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (SENT_AT.timestamp(), SENT_AT.timestamp()))
    return LocalFolder(folder)


def loaded(source: Folder, paths: LocalPaths) -> tuple[list[TableLoad], list[Rows]]:
    """What a load says of each table, and all rows but for when they were loaded."""
    loads = load_tables(local_raw_store(paths, SHOP), source, SHOP_TABLES, paths.scratch, "none", declared=SHOP_TABLES)
    with duckdb.connect(paths.raw_database, read_only=True) as connection:
        rows = [
            connection.execute(f"select * exclude (_loaded_at) from shop.{table.name} order by all").fetchall()
            for table in SHOP_TABLES
        ]
    return loads, rows


def test_demo_mode_chooses_where_files_land() -> None:
    context = PlatformContext(LOCAL, demo_mode=True)
    assert landing_of(context, SHOP).location == str(context.local_paths.landing / "shop")
    assert isinstance(landing(), StoredLanding)


@pytest.mark.slow
def test_a_load_is_the_same_from_either_place(storage: ObjectStorage, paths: LocalPaths, tmp_path: Path) -> None:
    loads, rows = loaded(landing(), paths)
    other = LocalPaths(tmp_path / "other", DEV)
    assert (loads, rows) == loaded(on_this_machine(tmp_path / "landing"), other)
    assert [len(table) for table in rows] == [0, 1, 1647]
    assert list(paths.scratch.iterdir()) == []
    again, _ = loaded(landing(), paths)
    assert [(load.rows_loaded, load.present, len(load.refused)) for load in again] == [(0, 0, 1), (0, 2, 2), (0, 1, 1)]


@pytest.mark.slow
def test_the_sensor_asks_for_a_run_when_a_file_has_landed(storage: ObjectStorage, paths: LocalPaths) -> None:
    resources = {"shop_raw_store": local_raw_store(paths, SHOP)}
    sensor = landing_sensor(landing(), SHOP_TABLES, refresh_job(SHOP), Automation(is_on=True).watch(demo_mode=True))
    with dg.DagsterInstance.ephemeral() as instance:
        first = sensor.evaluate_tick(dg.build_sensor_context(instance, cursor=None, resources=resources))
        assert [request.tags["shop/files"] for request in first.run_requests or []] == ["5"]
        again = sensor.evaluate_tick(dg.build_sensor_context(instance, cursor=first.cursor, resources=resources))
        assert again.skip_message == "no new file among 5 in s3://lake/platform/dev/landing/shop"
        storage.put("platform/dev/landing/shop/stores/a.csv", STORES.replace(b"Rome", b"Roma"))
        changed = sensor.evaluate_tick(dg.build_sensor_context(instance, cursor=first.cursor, resources=resources))
    assert [request.tags["shop/files"] for request in changed.run_requests or []] == ["1"]


def test_all_settings_that_the_load_lacks_are_named_at_once() -> None:
    with pytest.raises(MissingSettingsError, match="the load of shop on dev") as missing:
        landing().listing()
    for variable in ("PLATFORM_STORAGE_URI", "SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PRIVATE_KEY"):
        assert variable in str(missing.value)
