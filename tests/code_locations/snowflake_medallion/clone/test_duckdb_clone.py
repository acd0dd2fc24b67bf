"""A pull request's tables in DuckDB, filled from those of `local`."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from platform_contract.clone_route import CloneRoute
from platform_contract.deployment import pull_request
from platform_contract.domain import Place
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths
from platform_runtime.marks.discreet_duckdb import DuckDBRefusalError
from snowflake_medallion.clone.cloned_table import ClonedTable, cloned_tables, views
from snowflake_medallion.clone.duckdb_clone import DuckDBClone
from snowflake_medallion.duckdb_access import DatabaseBusyError

from tests.deployments import LOCAL
from tests.fakes.shop_tables import SHOP, SHOP_TABLES

PR = pull_request(7)
ORDERS = ClonedTable(dg.AssetKey(["shop", "raw", "orders"]), Place(SHOP, Layer.RAW), "orders")
SALES = ClonedTable(dg.AssetKey(["shop", "gold_sales"]), Place(SHOP, Layer.GOLD), "gold_sales")


@pytest.fixture
def clone(tmp_path: Path) -> DuckDBClone:
    """From a `local` that has three orders and two days of sales."""
    local = LocalPaths(tmp_path, LOCAL)
    local.raw_database.parent.mkdir(parents=True)
    with duckdb.connect(local.raw_database) as raw:
        raw.execute("create schema shop; create table shop.orders as from range(3) as t (id)")
    with duckdb.connect(local.analytics_database) as analytics:
        analytics.execute("create schema gold")
        analytics.execute("create table gold.gold_sales (day date primary key, revenue decimal(12, 2) not null)")
        analytics.execute("insert into gold.gold_sales values ('2024-05-01', 1.5), ('2024-05-02', 2.25)")
        analytics.execute("create view gold.gold_view as from gold.gold_sales")
    return DuckDBClone(CloneRoute(LOCAL, PR), tmp_path, patience_seconds=0.1)


def rows(database: Path, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(database, read_only=True) as connection:
        return connection.execute(f"from {table}").fetchall()


def test_each_table_is_copied_with_its_constraints(clone: DuckDBClone, tmp_path: Path) -> None:
    orders, sales = clone.clone(ORDERS, "run"), clone.clone(SALES, "run")
    assert orders is not None
    assert sales is not None
    assert (orders.source, orders.rows, sales.source, sales.rows) == (
        "local: raw.shop.orders",
        3,
        "local: analytics.gold.gold_sales",
        2,
    )
    mine = LocalPaths(tmp_path, PR)
    assert rows(mine.raw_database, "shop.orders") == [(0,), (1,), (2,)]
    with duckdb.connect(mine.analytics_database) as analytics, pytest.raises(duckdb.ConstraintException):
        analytics.execute("insert into gold.gold_sales values ('2024-05-01', 9)")


def test_it_replaces_what_is_there_and_nothing_of_the_source(clone: DuckDBClone, tmp_path: Path) -> None:
    mine, theirs = LocalPaths(tmp_path, PR), LocalPaths(tmp_path, LOCAL)
    clone.clone(ORDERS, "run")
    with duckdb.connect(mine.raw_database) as raw:
        raw.execute("alter table shop.orders add column more int; delete from shop.orders where id = 1")
    clone.clone(ORDERS, "run")
    assert rows(mine.raw_database, "shop.orders") == rows(theirs.raw_database, "shop.orders") == [(0,), (1,), (2,)]


def test_a_copy_that_fails_half_way_leaves_the_table_as_it_was(clone: DuckDBClone, tmp_path: Path) -> None:
    clone.clone(SALES, "run")
    with duckdb.connect(LocalPaths(tmp_path, LOCAL).analytics_database) as analytics:
        analytics.execute("alter table gold.gold_sales add column worth int default 7")
        # A copy without its table's function: it is replaced, and then cannot be filled.
        analytics.execute("create function gold.seven() as 7")
        analytics.execute("create table gold.other (v int default gold.seven())")
        analytics.execute("drop table gold.gold_sales")
        analytics.execute("create table gold.gold_sales (day date, worth int check (gold.seven() = worth))")
        analytics.execute("insert into gold.gold_sales values ('2024-05-01', 7)")
    with pytest.raises(DuckDBRefusalError, match="gold_sales"):
        clone.clone(SALES, "run")
    assert len(rows(LocalPaths(tmp_path, PR).analytics_database, "gold.gold_sales")) == 2


def test_what_the_source_lacks_and_views_are_not_copied(clone: DuckDBClone, tmp_path: Path) -> None:
    for name in ("gold_view", "gold_planned"):
        assert clone.clone(ClonedTable(dg.AssetKey(name), Place(SHOP, Layer.GOLD), name), "run") is None
    LocalPaths(tmp_path, LOCAL).raw_database.unlink()
    assert clone.clone(ORDERS, "run") is None
    assert not LocalPaths(tmp_path, PR).raw_database.exists()


def test_somebody_who_keeps_the_source_open_is_named(clone: DuckDBClone, tmp_path: Path) -> None:
    file = LocalPaths(tmp_path, LOCAL).raw_database
    script = f"import duckdb, sys; c = duckdb.connect({str(file)!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(DatabaseBusyError, match=rf"PID {other.pid}"):
            clone.clone(ORDERS, "run")
        other.communicate()


def test_the_tables_are_those_that_hold_rows_upstream_first() -> None:
    def node(name: str, schema: str, materialized: str, kind: str = "model") -> dict[str, object]:
        return {
            "name": name,
            "alias": name.upper(),
            "schema": schema.upper(),
            "resource_type": kind,
            "unique_id": f"{kind}.platform.{name}",
            "config": {"materialized": materialized},
        }

    nodes = [
        node("gold_history", "gold", "snapshot", "snapshot"),
        node("gold_view", "gold", "view"),
        node("silver_orders", "silver", "incremental"),
        node("gold_sales", "gold", "table"),
        node("bronze_orders", "bronze", "ephemeral"),
        node("a_test", "gold", "test", "test"),
    ]
    manifest = {"nodes": {str(number): one for number, one in enumerate(nodes)}}
    assert [(table.layer.value, table.name) for table in cloned_tables(SHOP, SHOP_TABLES, manifest)] == [
        ("raw", "customers"),
        ("raw", "stores"),
        ("raw", "orders"),
        ("silver", "silver_orders"),
        ("gold", "gold_history"),
        ("gold", "gold_sales"),
    ]
    assert views(SHOP, manifest) == ["gold_view"]
    assert not views(SHOP, {"nodes": {"0": nodes[0]}})
