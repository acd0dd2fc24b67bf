from pathlib import Path

import duckdb
import pytest
from architecture_patterns.warehouse.duckdb_warehouse import DuckDBWarehouse
from platform_contract.layer import Layer

COLUMNS = {"id": "integer", "price": "decimal(12, 2)", "note": "varchar"}


@pytest.fixture
def warehouse(tmp_path: Path) -> DuckDBWarehouse:
    return DuckDBWarehouse(path=str(tmp_path / "made" / "here" / "warehouse.duckdb"))


def test_what_is_inserted_is_there_in_the_next_session(warehouse: DuckDBWarehouse) -> None:
    table = warehouse.table(Layer.GOLD, "prices")
    with warehouse.session(Layer.GOLD) as session:
        session.create_if_missing(table, COLUMNS)
        session.insert(table, COLUMNS, [(1, "2.50", None), (2, None, "it's")])
        session.insert(table, COLUMNS, [])
    with warehouse.session(Layer.GOLD) as session:
        content = session.query(f"select id as ID, price::varchar, note from {table} order by id")
        assert content.rows == [(1, "2.50", None), (2, None, "it's")]
        assert content.columns[0] == "id"
        assert session.count(table, "price is null") == 1


def test_a_transaction_that_fails_leaves_everything_as_it_was(warehouse: DuckDBWarehouse) -> None:
    table = warehouse.table(Layer.GOLD, "prices")
    with warehouse.session(Layer.GOLD) as session:
        session.create_if_missing(table, COLUMNS)
        session.insert(table, COLUMNS, [(1, "2.50", None)])
        with pytest.raises(duckdb.Error), session.transaction():
            session.execute(f"delete from {table}; select no_such_column from {table}", [])
        assert session.count(table, "true") == 1
