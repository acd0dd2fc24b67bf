import csv
import gzip
import hashlib
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from platform_contract.local_paths import LocalPaths
from platform_runtime.files.file_format import ParquetFormat
from platform_runtime.files.refusal import RefusedFilesError
from snowflake_medallion.raw_load import TableLoad, load_landed_files

from tests.fakes.shop_story import SAMPLE
from tests.fakes.shop_tables import LATEST_STORES, SHOP, SHOP_TABLES

ROME = "id,name,opened_at,tax_rate\ns1,Rome,2019-01-01T00:00:00,0.1\n"
OSLO = "id,name,opened_at,tax_rate\ns2,Oslo,2019-01-01T00:00:00,0.25\ns3,Bergen,,\n"


def load_shop(paths: LocalPaths) -> list[TableLoad]:
    return load_landed_files(paths, SHOP, SHOP_TABLES)


def land(paths: LocalPaths, name: str, content: str) -> Path:
    path = paths.landing / "shop" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def stores(paths: LocalPaths) -> list[tuple[object, ...]]:
    with duckdb.connect(paths.raw_database, read_only=True) as connection:
        return connection.execute("select id, name, _source_file, _source_row from shop.stores order by all").fetchall()


def load_of(paths: LocalPaths, table: str) -> TableLoad:
    return next(load for load in load_shop(paths) if load.table.name == table)


def test_the_sample_is_loaded_whole_and_once(paths: LocalPaths) -> None:
    shutil.copytree(SAMPLE, paths.landing / "shop")
    rows = {load.table.name: (load.rows_loaded, load.present, load.rows) for load in load_shop(paths)}
    assert rows == {"customers": (942, 0, 942), "stores": (6, 0, 6), "orders": (71_350, 0, 71_350)}
    again = {load.table.name: (load.rows_loaded, load.present, load.rows) for load in load_shop(paths)}
    assert again == {"customers": (0, 1, 942), "stores": (0, 1, 6), "orders": (0, 12, 71_350)}
    assert list(paths.scratch.iterdir()) == []


def test_every_row_tells_where_it_came_from(paths: LocalPaths) -> None:
    file = land(paths, "stores/stores.csv", OSLO)
    os.utime(file, (1_567_310_400.25, 1_567_310_400.25))
    before = datetime.now(UTC).replace(tzinfo=None)
    load_shop(paths)
    with duckdb.connect(paths.raw_database, read_only=True) as connection:
        rows = connection.execute("select * exclude (_loaded_at) from shop.stores order by id").fetchall()
        ((loaded_at,),) = connection.execute("select distinct _loaded_at from shop.stores").fetchall()
    sha256 = hashlib.sha256(OSLO.encode()).hexdigest()
    written = datetime(2019, 9, 1, 4, 0, 0, 250_000)  # noqa: DTZ001 - UTC, as the column holds it
    assert rows == [
        ("s2", "Oslo", "2019-01-01T00:00:00", "0.25", "stores/stores.csv", sha256, 1, written),
        ("s3", "Bergen", None, None, "stores/stores.csv", sha256, 2, written),
    ]
    assert before <= loaded_at <= datetime.now(UTC).replace(tzinfo=None)


def test_the_same_content_under_another_name_is_no_new_file(paths: LocalPaths) -> None:
    land(paths, "stores/a.csv", ROME)
    land(paths, "stores/b.csv", ROME)
    load = load_of(paths, "stores")
    assert ([file.file for file in load.loaded], load.present) == (["stores/a.csv"], 1)
    assert stores(paths) == [("s1", "Rome", "stores/a.csv", 1)]


def test_another_content_under_the_same_name_is_a_new_file(paths: LocalPaths) -> None:
    land(paths, "stores/a.csv", ROME)
    load_shop(paths)
    land(paths, "stores/a.csv", ROME.replace("Rome", "Roma"))
    assert load_of(paths, "stores").rows_loaded == 1
    assert stores(paths) == [("s1", "Roma", "stores/a.csv", 1), ("s1", "Rome", "stores/a.csv", 1)]


def test_rows_that_a_restore_took_away_come_back(paths: LocalPaths) -> None:
    land(paths, "stores/a.csv", ROME)
    load_shop(paths)
    with duckdb.connect(paths.raw_database) as connection:
        connection.execute("delete from shop.stores")
    assert load_of(paths, "stores").rows_loaded == 1
    assert stores(paths) == [("s1", "Rome", "stores/a.csv", 1)]


def test_a_refused_file_keeps_no_other_one_out_and_loads_once_mended(paths: LocalPaths) -> None:
    land(paths, "stores/a.csv", ROME)
    bad = land(paths, "stores/b.csv", OSLO.replace("tax_rate", "rate"))
    cut = land(paths, "customers/customers.csv.gz", "")
    cut.write_bytes(gzip.compress(b"id,name\nc1,Ann\n")[:-4])
    land(paths, "orders.csv", "id\n")
    with pytest.raises(RefusedFilesError) as refused:
        load_shop(paths)
    message = str(refused.value)
    assert (
        "stores/b.csv, the header: column 'tax_rate' is missing; column number 4 is unexpected, was 'tax_rate' renamed?"
        in message
    )
    assert (
        "customers/customers.csv.gz, after row 1: the gzip is truncated, its end is missing; land the file again, whole"
        in message
    )
    astray = "orders.csv: it lies in no table's folder; move it into one of customers/, stores/, orders/"
    assert message.count(astray) == 1
    assert [row[2] for row in stores(paths)] == ["stores/a.csv"]

    bad.write_text(OSLO, encoding="utf-8")
    cut.write_bytes(gzip.compress(b"id,name\nc1,Ann\n"))
    (paths.landing / "shop" / "orders.csv").unlink()
    assert [load.rows_loaded for load in load_shop(paths)] == [1, 2, 0]


def test_a_file_that_is_still_arriving_is_let_be(paths: LocalPaths) -> None:
    land(paths, "stores/.a.csv.arriving-1", "id,na")
    assert load_of(paths, "stores").rows == 0


def test_nothing_landed_makes_empty_tables(paths: LocalPaths) -> None:
    assert [load.rows for load in load_shop(paths)] == [0, 0, 0]


def test_values_that_look_like_something_else_stay_text(paths: LocalPaths) -> None:
    row = ["007", " NULL ", "2019-02-30", '1e3,"x"']
    path = paths.landing / "shop" / "stores" / "odd.csv"
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "name", "opened_at", "tax_rate"], row])
    load_shop(paths)
    with duckdb.connect(paths.raw_database, read_only=True) as connection:
        found = connection.execute("select id, name, opened_at, tax_rate from shop.stores").fetchall()
    assert found == [tuple(row)]


def load_latest(paths: LocalPaths) -> tuple[int, int, int]:
    (load,) = load_landed_files(paths, SHOP, [LATEST_STORES])
    return load.rows_loaded, load.present, load.rows


def test_of_each_file_the_latest_version_stands_also_when_an_earlier_one_comes_back(paths: LocalPaths) -> None:
    land(paths, "stores/2013-01.csv", ROME)
    land(paths, "stores/2013-02.csv", OSLO)
    assert load_latest(paths) == (3, 0, 3)
    assert load_latest(paths) == (0, 2, 3)
    land(paths, "stores/2013-02.csv", ROME)
    assert load_latest(paths) == (1, 1, 2)
    same_in_both = [("s1", "Rome", f"stores/2013-0{month}.csv", 1) for month in (1, 2)]
    assert stores(paths) == same_in_both
    land(paths, "stores/2013-02.csv", OSLO)
    assert load_latest(paths) == (2, 1, 3)


def test_a_period_without_rows_takes_those_of_its_file_away(paths: LocalPaths) -> None:
    tides = replace(LATEST_STORES, columns=("id",), format=ParquetFormat(may_be_empty=True), types={"id": "bigint"})
    month = paths.landing / "shop" / "stores" / "2013-01.parquet"
    month.parent.mkdir(parents=True)
    for ids in ([1, 2], [], []):
        pq.write_table(pa.table({"id": pa.array(ids, pa.int64())}), month)
        (load,) = load_landed_files(paths, SHOP, [tides])
        assert (load.rows, load.refused) == (len(ids), ())


def test_a_version_that_is_refused_replaces_nothing(paths: LocalPaths) -> None:
    land(paths, "stores/2013-01.csv", ROME)
    load_latest(paths)
    land(paths, "stores/2013-01.csv", ROME + "s2,Oslo\n")
    with pytest.raises(RefusedFilesError, match=r"stores/2013-01\.csv"):
        load_latest(paths)
    assert stores(paths) == [("s1", "Rome", "stores/2013-01.csv", 1)]
