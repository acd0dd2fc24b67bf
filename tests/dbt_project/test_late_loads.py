"""Loads whose time says that they came before what silver holds: from a clock that went back, or committed late."""

import gzip
import os
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from platform_contract.dbt_environment import duckdb_environment
from platform_contract.local_paths import LocalPaths
from snowflake_medallion.dbt_executable import dbt_executable
from snowflake_medallion.raw_load import load_landed_files

from tests.deployments import LOCAL
from tests.fakes.shop_story import SAMPLE
from tests.fakes.shop_tables import SHOP, SHOP_TABLES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROJECT = Path(__file__).parents[2] / "dbt_project"
# May to August, 38,047 of the year's 71,350 orders.
LATE = ("2019_05", "2019_06", "2019_07", "2019_08")


@pytest.fixture
def paths(tmp_path: Path) -> LocalPaths:
    return LocalPaths(tmp_path / "local_root", LOCAL)


def land(paths: LocalPaths, content: bytes, name: str, sent_at: datetime) -> None:
    landed = paths.landing / "shop" / "orders" / name
    landed.parent.mkdir(parents=True, exist_ok=True)
    landed.write_bytes(content)
    os.utime(landed, (sent_at.timestamp(), sent_at.timestamp()))


def land_sample(paths: LocalPaths, late: bool) -> None:
    for file in sorted((SAMPLE / "orders").iterdir()):
        if any(month in file.name for month in LATE) is late:
            land(paths, file.read_bytes(), file.name, datetime(2019, 9, 1, 4, tzinfo=UTC))


def load(paths: LocalPaths, at: str) -> None:
    """Load what has landed; its load began at that time, whenever it is committed."""
    before = rows(paths.raw_database, "select distinct _source_sha256 from raw.shop.orders")
    load_landed_files(paths, SHOP, SHOP_TABLES)
    with duckdb.connect(paths.raw_database) as connection:
        connection.execute(
            "update shop.orders set _loaded_at = $1 where not list_contains($2, _source_sha256)",
            [at, [sha256 for (sha256,) in before]],
        )


def build(paths: LocalPaths, folder: Path) -> None:
    folders = {"--project-dir": PROJECT, "--profiles-dir": PROJECT, "--target-path": folder, "--log-path": folder}
    subprocess.run(
        [dbt_executable(), "--quiet", "run", "--select", "bronze_orders", "silver_orders"]
        + [str(word) for option in folders.items() for word in option],
        env=os.environ | duckdb_environment(paths),
        check=True,
        timeout=200,
    )


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    if not database.is_file():
        return []
    with duckdb.connect(database, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def silver(paths: LocalPaths) -> list[tuple[Any, ...]]:
    return rows(paths.analytics_database, "select * from silver.silver_orders order by order_id")


def total(paths: LocalPaths) -> tuple[Any, ...]:
    (found,) = rows(paths.analytics_database, "select count(*), sum(order_total) from silver.silver_orders")
    return found


def test_every_order_reaches_silver_whatever_the_time_of_its_load(paths: LocalPaths, tmp_path: Path) -> None:
    land_sample(paths, late=False)
    load(paths, "2019-09-02 05:00:00")
    build(paths, tmp_path / "dbt")
    assert total(paths)[0] == 71_350 - 38_047

    land_sample(paths, late=True)
    load(paths, "2019-09-02 04:59:59")
    build(paths, tmp_path / "dbt")
    year = silver(paths)
    assert total(paths) == (71_350, Decimal("787590.73"))

    # A month sent again, one cent more in its first order: no row of the first file stands, and none comes back.
    file = "orders_2018_09.csv.gz"
    content = gzip.decompress((SAMPLE / "orders" / file).read_bytes())
    again = content.replace(b",2800,168,2968\r\n", b",2800,169,2969\r\n", 1)
    land(paths, gzip.compress(again, mtime=0), f"again_{file}", datetime(2019, 9, 3, 4, tzinfo=UTC))
    load(paths, "2018-01-01 00:00:00")
    build(paths, tmp_path / "dbt")
    corrected = silver(paths)
    assert total(paths) == (71_350, Decimal("787590.74"))
    assert len([row for row, was in zip(corrected, year, strict=True) if row != was]) == 1_647

    # An older version of that month that arrives last loses to what stands.
    land(paths, gzip.compress(content + b"\n", mtime=0), f"old_{file}", datetime(2018, 10, 1, 4, tzinfo=UTC))
    load(paths, "2019-09-05 05:00:00")
    build(paths, tmp_path / "dbt")
    assert silver(paths) == corrected
