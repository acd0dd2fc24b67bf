from pathlib import Path
from typing import Any

import duckdb
import pytest
from platform_infra.local.dagster_home import DagsterHomeProvider
from platform_infra.local.duckdb_file import DuckDBFileProvider
from platform_infra.local.duckdb_schema import DuckDBSchemaProvider
from platform_infra.local.folder import FolderProvider
from platform_infra.local.store_provider import LocalStoreProvider, StoreHoldsDataError
from pulumi.dynamic.dynamic import serialize_provider


def props(path: Path, **more: str) -> dict[str, Any]:
    return {"path": str(path), "delete_data": False, **more}


def created(provider: LocalStoreProvider, wanted: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    result = provider.create(wanted)
    assert result.outs is not None
    return result.id, result.outs


def run_sql(database: Path, statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(database) as connection:
        return connection.execute(statement).fetchall()


def test_a_folder_is_made_and_removed(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "landing"
    store_id, applied = created(FolderProvider(), props(folder))
    assert folder.is_dir()
    assert applied["made"] is True
    FolderProvider().delete(store_id, applied)
    assert not folder.exists()
    assert folder.parent.is_dir()


def test_a_folder_that_was_there_before_stays(tmp_path: Path) -> None:
    store_id, applied = created(FolderProvider(), props(tmp_path))
    assert applied["made"] is False
    FolderProvider().delete(store_id, {**applied, "delete_data": True})
    assert tmp_path.is_dir()


def test_a_folder_with_files_stays_and_the_error_names_them(tmp_path: Path) -> None:
    folder = tmp_path / "landing"
    store_id, applied = created(FolderProvider(), props(folder))
    (folder / "weather").mkdir()
    for month in range(1, 6):
        (folder / "weather" / f"2013-0{month}.csv").write_text("x", encoding="utf-8")
    with pytest.raises(StoreHoldsDataError) as refused:
        FolderProvider().delete(store_id, applied)
    assert f"{folder} holds data (weather/2013-01.csv, weather/2013-02.csv, weather/2013-03.csv and 2 more)" in str(
        refused.value
    )
    assert "set delete_data to true" in str(refused.value)
    FolderProvider().delete(store_id, {**applied, "delete_data": True})
    assert not folder.exists()


def test_deleting_what_is_gone_already_is_no_error(tmp_path: Path) -> None:
    store_id, applied = created(FolderProvider(), props(tmp_path / "landing"))
    (tmp_path / "landing").rmdir()
    FolderProvider().delete(store_id, applied)
    assert list(tmp_path.iterdir()) == []


def test_a_schema_is_made_in_its_file_and_dropped(tmp_path: Path) -> None:
    database = tmp_path / "raw.duckdb"
    store_id, applied = created(DuckDBSchemaProvider(), props(database, schema="shop"))
    assert store_id == f"{database}#shop"
    assert run_sql(database, "select count(*) from duckdb_schemas() where schema_name = 'shop'") == [(1,)]
    DuckDBSchemaProvider().delete(store_id, applied)
    assert not DuckDBSchemaProvider().exists(applied)
    assert database.is_file()


def test_a_schema_with_a_table_stays_until_its_data_may_go(tmp_path: Path) -> None:
    database = tmp_path / "raw.duckdb"
    store_id, applied = created(DuckDBSchemaProvider(), props(database, schema="shop"))
    run_sql(database, "create table shop.orders as select 7 as id")
    with pytest.raises(StoreHoldsDataError, match=r"raw\.duckdb#shop holds data \(orders\)"):
        DuckDBSchemaProvider().delete(store_id, applied)
    assert run_sql(database, "select id from shop.orders") == [(7,)]
    DuckDBSchemaProvider().delete(store_id, {**applied, "delete_data": True})
    assert not DuckDBSchemaProvider().exists(applied)


def test_making_a_schema_again_keeps_its_tables(tmp_path: Path) -> None:
    database = tmp_path / "raw.duckdb"
    _, applied = created(DuckDBSchemaProvider(), props(database, schema="shop"))
    run_sql(database, "create table shop.orders as select 7 as id")
    changed = DuckDBSchemaProvider().update("", applied, props(database, schema="shop"))
    assert run_sql(database, "select id from shop.orders") == [(7,)]
    assert changed.outs is not None
    assert changed.outs["made"] is True


def test_a_file_with_a_view_stays_and_one_without_goes_with_its_log(tmp_path: Path) -> None:
    database = tmp_path / "raw.duckdb"
    store_id, applied = created(DuckDBFileProvider(), props(database))
    run_sql(database, "create view recent as select 1 as id")
    with pytest.raises(StoreHoldsDataError, match=r"main\.recent"):
        DuckDBFileProvider().delete(store_id, applied)
    run_sql(database, "drop view recent")
    (tmp_path / "raw.duckdb.wal").touch()
    DuckDBFileProvider().delete(store_id, applied)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_duckdb_file_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "raw.duckdb"
    database.write_text("not a database, whatever its name says" * 100, encoding="utf-8")
    with pytest.raises(duckdb.IOException, match="not a valid DuckDB database file"):
        DuckDBFileProvider().create(props(database))


def test_reading_a_store_says_whether_it_is_there(tmp_path: Path) -> None:
    database = tmp_path / "raw.duckdb"
    store_id, applied = created(DuckDBSchemaProvider(), props(database, schema="shop"))
    assert DuckDBSchemaProvider().read(store_id, applied).id == store_id
    run_sql(database, "drop schema shop")
    assert DuckDBSchemaProvider().read(store_id, applied).id == ""
    database.unlink()
    assert DuckDBSchemaProvider().read(store_id, applied).id == ""


def test_only_a_change_of_identity_replaces(tmp_path: Path) -> None:
    applied = {**props(tmp_path, schema="shop"), "made": True, "__provider": "earlier"}
    provider = DuckDBSchemaProvider()
    same = provider.diff("", applied, {**props(tmp_path, schema="shop"), "__provider": "later"})
    assert (same.changes, same.replaces) == (False, [])
    renamed = provider.diff("", applied, props(tmp_path, schema="store"))
    assert (renamed.changes, renamed.replaces) == (True, ["schema"])
    loosened = provider.diff("", applied, {**props(tmp_path, schema="shop"), "delete_data": True})
    assert (loosened.changes, loosened.replaces) == (True, [])


def test_a_dagster_home_without_runs_is_removed_and_one_with_runs_stays(tmp_path: Path) -> None:
    home = tmp_path / "dagster"
    store_id, applied = created(DagsterHomeProvider(), props(home, settings="ignored"))
    assert "telemetry" in (home / "dagster.yaml").read_text(encoding="utf-8")
    (home / "history").mkdir()
    (home / "history" / "runs.db").touch()
    with pytest.raises(StoreHoldsDataError, match=r"\(history/runs\.db\)"):
        DagsterHomeProvider().delete(store_id, applied)
    (home / "history" / "runs.db").unlink()
    DagsterHomeProvider().delete(store_id, applied)
    assert not home.exists()


def test_settings_changed_by_hand_are_drift(tmp_path: Path) -> None:
    provider = DagsterHomeProvider()
    store_id, applied = created(provider, props(tmp_path / "dagster", settings="shipped"))
    (tmp_path / "dagster" / "dagster.yaml").write_text("telemetry: {enabled: true}\n", encoding="utf-8")
    live = provider.read(store_id, applied)
    assert live.outs is not None
    assert live.inputs == props(tmp_path / "dagster", settings="telemetry: {enabled: true}\n")
    assert provider.diff("", live.outs, props(tmp_path / "dagster", settings="shipped")).changes is True


@pytest.mark.parametrize(
    "provider", [FolderProvider(), DuckDBFileProvider(), DuckDBSchemaProvider(), DagsterHomeProvider()]
)
def test_the_engine_keeps_a_reference_to_the_provider_and_no_code(provider: LocalStoreProvider) -> None:
    assert len(serialize_provider(provider)) < 200
