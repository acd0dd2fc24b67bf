"""Both statements on DuckDB, with differences worked out by hand."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from deltalake import write_deltalake
from platform_cli.diff.compare import DeclaredTable, compare_store
from platform_cli.diff.delta_gold import delta_gold
from platform_cli.diff.duckdb_gold import DuckDBGold, duckdb_gold
from platform_cli.diff.table_diff import ColumnChange, LargestChange, RowChange, SchemaChange, TableDiff
from platform_runtime.marks.discreet_duckdb import DuckDBRefusalError
from platform_runtime.marks.marks import NO_MARKS

SAME_COLUMNS = SchemaChange((), (), ())


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
    """Both files, to be written."""
    with duckdb.connect(tmp_path / "a.duckdb") as base, duckdb.connect(tmp_path / "b.duckdb") as head:
        for connection in (base, head):
            connection.execute("create schema gold")
        yield base, head


type Sides = tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]


def compared(sides: Sides, tmp_path: Path, **keys: tuple[str, ...]) -> dict[str, TableDiff]:
    for connection in sides:
        connection.close()
    declared = {table: DeclaredTable(f"shop/{table}", key, NO_MARKS) for table, key in keys.items()}
    with duckdb_gold(tmp_path / "a.duckdb", tmp_path / "b.duckdb", "gold") as store:
        return {diff.name: diff for diff in compare_store(store, declared)}


def fill(connection: duckdb.DuckDBPyConnection, columns: str, *rows: str) -> None:
    connection.execute(f"create table gold.sales ({columns})")
    if rows:
        connection.execute(f"insert into gold.sales values {', '.join(rows)}")


def test_rows_and_measures_are_compared_by_key(sides: Sides, tmp_path: Path) -> None:
    base, head = sides
    columns = "store varchar, day date, orders bigint, revenue decimal(12, 2), note varchar"
    fill(
        base,
        columns,
        "('north', '2024-05-01', 10, 100.00, 'a')",
        "('north', '2024-05-02', 20, 200.00, null)",
        "('south', '2024-05-01', 30, 300.00, 'c')",
        "('south', '2024-05-02', 40, null, 'd')",
        "('west', '2024-05-01', 50, 500.00, 'e')",
    )
    fill(
        head,
        columns,
        # 10.50 more; 5 orders less and 2.25 less; null to a value and another note; one as it was; one new.
        "('north', '2024-05-01', 10, 110.50, 'a')",
        "('north', '2024-05-02', 15, 197.75, null)",
        "('south', '2024-05-02', 40, 400.00, 'D')",
        "('west', '2024-05-01', 50, 500.00, 'e')",
        "('east', '2024-05-01', 60, 600.00, 'f')",
    )
    diff = compared(sides, tmp_path, sales=("store", "day"))["shop/sales"]
    assert diff == TableDiff(
        name="shop/sales",
        key=("store", "day"),
        rows_before=5,
        rows_after=5,
        schema=SAME_COLUMNS,
        rows=RowChange(
            added=1,
            removed=1,
            changed=3,
            columns=(
                ColumnChange("orders", 1, (LargestChange(("north", "2024-05-02"), 20.0, 15.0),)),
                ColumnChange(
                    "revenue",
                    3,
                    (
                        LargestChange(("north", "2024-05-01"), 100.0, 110.5),
                        LargestChange(("north", "2024-05-02"), 200.0, 197.75),
                        LargestChange(("south", "2024-05-02"), None, 400.0),
                    ),
                ),
                ColumnChange("note", 1, ()),
            ),
        ),
    )
    assert not diff.is_same


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("0.1 + 0.2", "0.3", False),
        ("1e6", "1e6 + 1e-4", False),
        ("1e6", "1e6 + 1e-2", True),
        ("0", "1e-13", False),
        ("0", "1e-9", True),
        ("1", "-1", True),
        ("null", "null", False),
        ("null", "0", True),
        ("0", "null", True),
        ("'nan'", "'nan'", False),
        ("'nan'", "1", True),
        ("1", "'nan'", True),
        ("'inf'", "'inf'", False),
        ("'inf'", "'-inf'", True),
        ("'inf'", "1e308", True),
        ("'inf'", "'nan'", True),
    ],
)
def test_doubles_differ_beyond_noise(sides: Sides, tmp_path: Path, before: str, after: str, changed: bool) -> None:
    for connection, value in zip(sides, (before, after), strict=True):
        fill(connection, "k int, v double", f"(1, {value})")
    (diff,) = compared(sides, tmp_path, sales=("k",)).values()
    assert diff.rows is not None
    assert diff.rows.changed == int(changed)
    assert diff.is_same is not changed


def test_only_the_three_largest_changes_are_told(sides: Sides, tmp_path: Path) -> None:
    for connection, factor in zip(sides, (0, 1), strict=True):
        # Row n changes by n, with alternating sign.
        rows = [f"({n}, {factor * n * (-1) ** n})" for n in range(1, 8)]
        fill(connection, "k int, v double", *rows)
    (diff,) = compared(sides, tmp_path, sales=("k",)).values()
    assert diff.rows is not None
    assert diff.rows.columns == (
        ColumnChange(
            "v",
            7,
            (LargestChange(("7",), 0.0, -7.0), LargestChange(("6",), 0.0, 6.0), LargestChange(("5",), 0.0, -5.0)),
        ),
    )


def test_columns_that_come_go_or_change_their_type_are_said_and_the_rest_is_compared(
    sides: Sides, tmp_path: Path
) -> None:
    base, head = sides
    fill(base, "k int, kept int, gone int, wider int, other int", "(1, 5, 6, 7, 8)", "(2, 5, 6, 7, 8)")
    fill(
        head, "K int, kept int, wider bigint, other date, fresh int", "(1, 5, 7, '2024-01-01', 1)", "(2, 5, 9, null, 1)"
    )
    (diff,) = compared(sides, tmp_path, sales=("k",)).values()
    assert diff.schema == SchemaChange(
        added=("fresh",),
        removed=("gone",),
        retyped=(("wider", "INTEGER", "BIGINT"), ("other", "INTEGER", "DATE")),
    )
    assert diff.rows == RowChange(0, 0, 1, (ColumnChange("wider", 1, (LargestChange(("2",), 7.0, 9.0),)),))


def test_a_null_in_a_key_is_a_value_and_a_key_that_is_none_any_more_counts_its_rows(
    sides: Sides, tmp_path: Path
) -> None:
    base, head = sides
    fill(base, "k varchar, v int", "(null, 1)", "('a', 1)", "('a', 2)")
    fill(head, "k varchar, v int", "(null, 1)", "('a', 1)", "('a', 2)", "('a', 3)")
    (diff,) = compared(sides, tmp_path, sales=("k",)).values()
    assert (diff.rows_before, diff.rows_after, diff.rows) == (3, 4, RowChange(1, 0, 0, ()))


def test_without_a_key_rows_are_told_apart_as_wholes(sides: Sides, tmp_path: Path) -> None:
    base, head = sides
    fill(base, "a int, b int", "(1, 1)", "(1, 1)", "(2, 2)")
    fill(head, "a int, b int", "(1, 1)", "(2, 3)")
    (diff,) = compared(sides, tmp_path).values()
    assert (diff.name, diff.key, diff.rows) == ("gold.sales", (), RowChange(1, 2, 0, ()))


def test_a_table_of_one_side_is_said_and_so_is_one_of_neither(sides: Sides, tmp_path: Path) -> None:
    base, head = sides
    base.execute("create table gold.old as select 1 as k")
    head.execute("create table gold.new as from range(7)")
    found = compared(sides, tmp_path, new=("range",), planned=("k",))
    told = {name: (diff.rows_before, diff.rows_after, diff.rows, diff.is_same) for name, diff in found.items()}
    assert told == {
        "gold.old": (1, None, None, False),
        "shop/new": (None, 7, None, False),
        "shop/planned": (None, None, None, True),
    }


def test_a_key_that_one_side_lacks_leaves_the_counts(sides: Sides, tmp_path: Path) -> None:
    base, head = sides
    fill(base, "k int, v int", "(1, 1)")
    fill(head, "v int", "(1)", "(2)")
    (diff,) = compared(sides, tmp_path, sales=("k",)).values()
    assert (diff.rows_before, diff.rows_after, diff.rows) == (1, 2, None)
    assert not diff.is_same


def test_nothing_can_be_written_by_the_comparison(sides: Sides, tmp_path: Path) -> None:
    for connection in sides:
        fill(connection, "k int", "(1)")
        connection.close()
    with duckdb_gold(tmp_path / "a.duckdb", tmp_path / "b.duckdb", "gold") as store:
        assert isinstance(store, DuckDBGold)
        with pytest.raises(DuckDBRefusalError, match="Invalid Input Error"):
            store.rows("insert into head.gold.sales values (2)")
        assert store.rows("from head.gold.sales") == [(1,)]


def test_delta_tables_are_compared_where_they_lie(tmp_path: Path) -> None:
    for side, mean in (("base", 10.0), ("head", 12.5)):
        rows = (
            "select 'JFK' as station, timestamptz '2013-01-01 05:00:00+00' as at, "
            f"{mean}::double as mean, '2013-01' as _month"
        )
        with duckdb.connect() as connection:
            write_deltalake(tmp_path / side / "daily", connection.sql(rows).to_arrow_table(), partition_by=["_month"])
    (tmp_path / "head" / ".clone-of-daily-x").mkdir()
    with delta_gold(tmp_path / "base", tmp_path / "head") as store:
        (diff,) = compare_store(store, {"daily": DeclaredTable("weather/gold/daily", ("station", "at"), NO_MARKS)})
    assert diff.rows == RowChange(
        0, 0, 1, (ColumnChange("mean", 1, (LargestChange(("JFK", "2013-01-01 05:00:00"), 10.0, 12.5),)),)
    )


def test_a_deployment_without_stores_has_no_tables(tmp_path: Path) -> None:
    with (
        delta_gold(tmp_path / "a", tmp_path / "b") as lakehouse,
        duckdb_gold(tmp_path / "c", tmp_path / "d", "gold") as shop,
    ):
        assert list(compare_store(lakehouse, {})) == list(compare_store(shop, {})) == []
