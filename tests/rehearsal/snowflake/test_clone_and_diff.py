"""A pull request's databases filled from production's and compared with them, in the stand-in for Snowflake."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
from platform_cli.diff.compare import DeclaredTable, compare_store
from platform_cli.diff.snowflake_gold import snowflake_gold
from platform_cli.diff.table_diff import ColumnChange, LargestChange, RowChange, SchemaChange
from platform_contract.clone_route import CloneRoute
from platform_contract.deployment import Deployment, pull_request
from platform_contract.domain import Place
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths
from platform_contract.snowflake_names import LANDING_STAGE, SnowflakeNames
from platform_runtime.marks.marks import NO_MARKS
from platform_runtime.platform_context import PlatformContext
from snowflake_medallion.clone.cloned_table import ClonedTable
from snowflake_medallion.clone.snowflake_clone import SnowflakeClone
from snowflake_medallion.landings import local_landing
from snowflake_medallion.raw_load import load_tables
from snowflake_medallion.raw_stores import raw_store_of

from tests.deployments import PROD
from tests.fakes.shop_tables import SHOP, SHOP_TABLES
from tests.rehearsal.hosts import SNOWFLAKE_ACCOUNT
from tests.rehearsal.snowflake_keys import make_key_pair

if TYPE_CHECKING:
    from tests.fakes.snowflake.server import SnowflakeServer

STORES = "id,name,opened_at,tax_rate\ns{number},{name},2019-01-01T00:00:00,0.1\n"
ROUTE = CloneRoute(PROD, pull_request(7))
USER = "CI_RUNNER_DEV"
SALES = ClonedTable(dg.AssetKey(["shop", "gold_sales"]), Place(SHOP, Layer.GOLD), "gold_sales")
VIEW = ClonedTable(dg.AssetKey(["shop", "gold_view"]), Place(SHOP, Layer.GOLD), "gold_view")


@pytest.fixture
def production(snowflake: "SnowflakeServer", monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Both databases as infrastructure declares them, and in production a table of three days and a view."""
    from snowflake.connector import connect

    from tests.rehearsal.declared_account import DeclaredAccount

    key = make_key_pair()
    snowflake.users.register(USER, key.public)
    for variable, value in {
        "SNOWFLAKE_ACCOUNT": SNOWFLAKE_ACCOUNT,
        "SNOWFLAKE_USER": USER,
        "SNOWFLAKE_PRIVATE_KEY": key.pem,
    }.items():
        monkeypatch.setenv(variable, value)
    account = DeclaredAccount(snowflake.engine)
    databases = [SnowflakeNames(one).analytics_database for one in (ROUTE.source, ROUTE.target)]
    for database in databases:
        account.create_database(database, transient=False)
        account.create_schema(database, "GOLD", transient=False)
    with connect(
        account=SNOWFLAKE_ACCOUNT, user=USER, private_key=key.private, database="ANALYTICS", schema="GOLD"
    ) as connection:
        cursor = connection.cursor()
        cursor.execute("create table gold_sales (store varchar, day date, orders int, mean double)")
        cursor.execute(
            "insert into gold_sales values ('north', '2024-05-01', 10, 1.5), ('north', '2024-05-02', 20, null), "
            "('south', '2024-05-01', 30, 2.5)"
        )
        cursor.execute("create view gold_view as select * from gold_sales")
        cursor.execute("create table elt_pipeline_hourly_sales (hour int)")
        yield cursor
    for database in databases:
        account.drop_database(database)


def test_the_copy_is_transient_its_own_and_what_differs_is_found(production: Any, snowflake: "SnowflakeServer") -> None:
    clone = SnowflakeClone(ROUTE)
    assert clone.clone(VIEW, "run-1") is None
    copies = [clone.clone(SALES, "run-1"), clone.clone(SALES, "run-2")]
    assert [(copy.source, copy.rows) for copy in copies if copy] == [("ANALYTICS.GOLD.GOLD_SALES", 3)] * 2

    mine = "ANALYTICS_PR_7.GOLD.GOLD_SALES"
    production.execute(f"update {mine} set orders = 15, mean = 2 where day = '2024-05-02'")
    production.execute(f"delete from {mine} where store = 'south'")
    production.execute(f"insert into {mine} values ('east', '2024-05-01', 1, 1)")
    production.execute("create table ANALYTICS_PR_7.GOLD.GOLD_FRESH (k int)")
    assert production.execute("select sum(orders) from gold_sales").fetchone()[0] == 60

    declared = {"gold_sales": DeclaredTable("shop/gold_sales", ("store", "day"), NO_MARKS)}
    with snowflake_gold(ROUTE, SHOP) as store:
        found = {diff.name: diff for diff in compare_store(store, declared)}
    sales = found.pop("shop/gold_sales")
    assert sales.schema == SchemaChange((), (), ())
    assert sales.rows == RowChange(
        added=1,
        removed=1,
        changed=1,
        columns=(
            ColumnChange("orders", 1, (LargestChange(("north", "2024-05-02"), 20.0, 15.0),)),
            ColumnChange("mean", 1, (LargestChange(("north", "2024-05-02"), None, 2.0),)),
        ),
    )
    assert found.keys() >= {"gold.gold_fresh"}
    assert not any("elt_pipeline" in name for name in found)


@pytest.fixture
def raw_databases(snowflake: "SnowflakeServer", monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Production's and the pull request's, each with a stage for what has landed, and the user of both."""
    from tests.rehearsal.declared_account import DeclaredAccount

    key = make_key_pair()
    snowflake.users.register(USER, key.public)
    for variable, value in {
        "SNOWFLAKE_ACCOUNT": SNOWFLAKE_ACCOUNT,
        "SNOWFLAKE_USER": USER,
        "SNOWFLAKE_PRIVATE_KEY": key.pem,
    }.items():
        monkeypatch.setenv(variable, value)
    account = DeclaredAccount(snowflake.engine)
    databases = [SnowflakeNames(one).raw_database for one in (ROUTE.source, ROUTE.target)]
    for database in databases:
        account.create_database(database, transient=False)
        account.create_schema(database, "SHOP", transient=False)
        account.create_stage(database, "SHOP", LANDING_STAGE)
    yield databases
    for database in databases:
        account.drop_database(database)


def load_stores(deployment: Deployment, folder: Path, name: str) -> int:
    """Load a file of one store after the others; how many rows the table has since."""
    paths = LocalPaths(folder, deployment)
    landed = paths.landing / "shop" / "stores" / f"{name}.csv"
    landed.parent.mkdir(parents=True, exist_ok=True)
    landed.write_text(STORES.format(number=name, name=name), encoding="utf-8")
    store = raw_store_of(PlatformContext(deployment, demo_mode=False), SHOP)
    (load,) = load_tables(
        store, local_landing(paths, SHOP), [SHOP_TABLES[1]], paths.scratch, "run", declared=SHOP_TABLES
    )
    return load.rows


def test_loads_and_clones_go_over_each_other_in_any_order(raw_databases: list[str], tmp_path: Path) -> None:
    stores = ClonedTable(dg.AssetKey(["shop", "raw", "stores"]), Place(SHOP, Layer.RAW), "stores")
    assert load_stores(ROUTE.source, tmp_path, "Rome") == 1
    assert load_stores(ROUTE.target, tmp_path, "Oslo") == 1
    for _ in range(2):
        copy = SnowflakeClone(ROUTE).clone(stores, "run")
        assert copy is not None
        assert copy.rows == 1
        # What the pull request has landed itself is not in the copy.
        assert load_stores(ROUTE.target, tmp_path, "Oslo") == 2
