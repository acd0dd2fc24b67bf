import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from platform_contract.local_paths import LocalPaths, checkout
from platform_runtime.local_stores import provision_local_stores

from tests.deployments import LOCAL
from tests.infra.engine.harness.program_folder import copy_program
from tests.infra.engine.harness.pulumi_cli import PulumiCli, Stack
from tests.infra.engine.harness.pulumi_engine import require_engine

pytestmark = [pytest.mark.slow, pytest.mark.engine]

NOTHING = {}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "stores"


@pytest.fixture
def stack(tmp_path: Path, root: Path) -> Stack:
    """The real program on the real engine, with stores of its own."""
    cli = PulumiCli(
        require_engine(),
        checkout(Path(__file__)) / ".venv",
        tmp_path / "pulumi",
        (),
        {"PLATFORM_LOCAL_ROOT": str(root)},
    )
    return Stack(cli, copy_program("local", tmp_path / "checkout"), "local").init()


@pytest.fixture
def paths(root: Path) -> LocalPaths:
    return LocalPaths(root, LOCAL)


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def run_sql(database: Path, statement: str) -> list[tuple[object, ...]]:
    with duckdb.connect(database) as connection:
        return connection.execute(statement).fetchall()


def test_the_stores_come_up_as_the_demo_makes_them_stay_and_go(
    stack: Stack, paths: LocalPaths, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    made = stack.up().succeeded()
    # Aim: 4 seconds, on a machine that does nothing else.
    record_property("seconds of the whole up", made.seconds)
    # 21 stores, and around them the component and the stack itself.
    assert made.changed == {"create": 23}
    demo = LocalPaths(tmp_path / "demo", LOCAL)
    provision_local_stores(demo)
    assert tree(paths.home) == tree(demo.home)
    assert stack.up("--expect-no-changes").succeeded().changed == NOTHING
    assert stack.preview("--refresh", "--expect-no-changes").succeeded().changed == NOTHING
    assert stack.destroy().succeeded().changed == {"delete": 23}
    assert tree(paths.root) == set()


def test_what_was_lost_by_hand_is_found_and_repaired_and_nothing_else_is_touched(
    stack: Stack, paths: LocalPaths
) -> None:
    stack.up().succeeded()
    run_sql(paths.raw_database, "create table shop.orders as select 7 as id")
    run_sql(paths.analytics_database, "drop schema silver")
    (paths.dagster_home / "dagster.yaml").write_text("telemetry: {enabled: true}\n", encoding="utf-8")
    shutil.rmtree(paths.landing)
    drift = stack.run("preview", "--refresh").succeeded()
    assert set(drift.did("create")) == {"analytics.silver", "landing"}
    assert set(drift.did("update")) == {"dagster"}
    assert stack.run("up", "--yes", "--skip-preview", "--refresh").succeeded().did("create")
    assert run_sql(paths.raw_database, "select id from shop.orders") == [(7,)]
    assert run_sql(paths.analytics_database, "select count(*) from duckdb_schemas() where schema_name = 'silver'") == [
        (1,)
    ]
    assert "enabled: false" in (paths.dagster_home / "dagster.yaml").read_text(encoding="utf-8")
    assert paths.landing.is_dir()


def test_destroy_refuses_to_delete_data_until_the_stack_allows_it(stack: Stack, paths: LocalPaths, root: Path) -> None:
    stack.up().succeeded()
    run_sql(paths.raw_database, "create table shop.orders as select 7 as id")
    refused = stack.destroy().refused(f"{paths.raw_database}#shop holds data (orders)")
    assert "set delete_data to true" in refused.output
    assert run_sql(paths.raw_database, "select id from shop.orders") == [(7,)]
    stack.configure("platform-local:delete_data", "true")
    stack.up().succeeded()
    stack.destroy().succeeded()
    assert tree(root) == set()


def test_destroy_leaves_what_the_stack_found(stack: Stack, paths: LocalPaths) -> None:
    provision_local_stores(paths)
    (paths.landing / "weather.csv").write_text("x", encoding="utf-8")
    before = tree(paths.home)
    stack.configure("platform-local:delete_data", "true")
    stack.up().succeeded()
    stack.destroy().succeeded()
    assert tree(paths.home) == before


def test_an_unknown_setting_ends_the_run_before_anything_is_made(stack: Stack, root: Path) -> None:
    stack.configure("platform-local:delete_date", "true")
    stack.up().refused("platform-local:delete_date is not a setting: did you mean 'delete_data'?")
    assert not root.exists()
