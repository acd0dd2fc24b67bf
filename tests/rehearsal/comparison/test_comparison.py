from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pyarrow as pa
import pytest
from rich.console import Console

from tests.rehearsal.comparison.compare import compare
from tests.rehearsal.comparison.compared_table import Column, ComparedTable, Kind, from_arrow
from tests.rehearsal.comparison.comparison_report import print_comparisons

COLUMNS = (
    Column("station", Kind.TEXT, 0),
    Column("day", Kind.DATE, 0),
    Column("mean_temp_c", Kind.DOUBLE, 0),
    Column("revenue", Kind.DECIMAL, 2),
)
JFK = ("JFK", date(2013, 1, 1), 3.25, Decimal("10.00"))
LGA = ("LGA", date(2013, 1, 1), None, Decimal("7.50"))
EWR = ("EWR", date(2013, 1, 2), float("nan"), None)


def table(*rows: tuple[Any, ...]) -> ComparedTable:
    return ComparedTable(COLUMNS, rows)


def test_equal_tables_have_no_difference_whatever_the_order_of_their_rows() -> None:
    nearly = ("JFK", date(2013, 1, 1), 3.25 * (1 + 9e-10), Decimal("10.00"))
    comparison = compare("daily", table(JFK, LGA, EWR, LGA), table(LGA, EWR, LGA, nearly))
    assert (comparison.rows, comparison.differences) == (4, 0)


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        (("JFk", date(2013, 1, 1), 3.25, Decimal("10.00")), "station"),
        (("JFK", date(2013, 1, 3), 3.25, Decimal("10.00")), "day"),
        (("JFK", date(2013, 1, 1), 3.25 * (1 + 2e-9), Decimal("10.00")), "mean_temp_c"),
        (("JFK", date(2013, 1, 1), None, Decimal("10.00")), "mean_temp_c"),
        (("JFK", date(2013, 1, 1), float("nan"), Decimal("10.00")), "mean_temp_c"),
        (("JFK", date(2013, 1, 1), 3.25, Decimal("10.01")), "revenue"),
        (("JFK", date(2013, 1, 1), 3.25, None), "revenue"),
    ],
)
def test_one_changed_value_is_reported_with_its_row_and_column(changed: tuple[Any, ...], column: str) -> None:
    comparison = compare("gold/daily", table(JFK, LGA, EWR), table(LGA, changed, EWR))
    assert (comparison.differences, comparison.missing, comparison.unexpected) == (1, (JFK,), (changed,))
    printed = StringIO()
    print_comparisons([comparison], Console(file=printed, width=200))
    assert f"{changed} (differs in {column})" in printed.getvalue()
    assert f"the demo has      {JFK}" in printed.getvalue()


def test_a_row_too_few_and_a_row_twice_are_reported() -> None:
    assert compare("daily", table(JFK, LGA), table(JFK)).missing == (LGA,)
    twice = compare("daily", table(JFK, LGA), table(JFK, LGA, LGA))
    assert (twice.differences, twice.unexpected) == (1, (LGA,))
    printed = StringIO()
    print_comparisons([twice], Console(file=printed, width=200))
    assert f"only production has {LGA}" in printed.getvalue()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (COLUMNS[:3], "revenue (decimal with 2 places) is missing"),
        ((*COLUMNS, Column("tax", Kind.TEXT, 0)), "tax (text) is unexpected"),
        ((*COLUMNS[:3], Column("revenue", Kind.DECIMAL, 4)), "revenue (decimal with 4 places) is unexpected"),
        ((*COLUMNS[:3], Column("REVENUE", Kind.DECIMAL, 2)), "REVENUE (decimal with 2 places) is unexpected"),
        ((COLUMNS[1], COLUMNS[0], *COLUMNS[2:]), "another order"),
    ],
)
def test_columns_that_differ_are_reported(columns: tuple[Column, ...], said: str) -> None:
    comparison = compare("daily", table(), ComparedTable(columns, []))
    assert any(said in difference for difference in comparison.schema)


def test_a_time_without_a_time_zone_is_no_instant() -> None:
    noon = datetime(2013, 1, 1, 12, tzinfo=UTC)
    instants = from_arrow(pa.table({"at": pa.array([noon], pa.timestamp("us", "UTC"))}))
    times = from_arrow(pa.table({"at": pa.array([noon.replace(tzinfo=None)], pa.timestamp("us"))}))
    assert compare("daily", instants, instants).differences == 0
    assert compare("daily", instants, times).schema == (
        "at (instant) is missing",
        "at (wall clock time) is unexpected",
    )


def test_how_wide_an_engine_stores_a_number_is_no_difference() -> None:
    narrow = pa.table({"orders": pa.array([3], pa.int32()), "share": pa.array([0.5], pa.float64())})
    wide = pa.table({"orders": pa.array([Decimal(3)], pa.decimal128(38, 0)), "share": pa.array([0.5], pa.float64())})
    assert compare("daily", from_arrow(narrow), from_arrow(wide)).differences == 0


def test_when_a_row_was_loaded_is_each_runs_own_but_not_whether_it_says_so() -> None:
    columns = (Column("id", Kind.INTEGER, 0), Column("_loaded_at", Kind.WALL_CLOCK, 0))
    noon, later = datetime(2018, 9, 1, 12), datetime(2018, 9, 1, 13)  # noqa: DTZ001
    loaded, again = ComparedTable(columns, [(1, noon)]), ComparedTable(columns, [(1, later)])
    assert compare("orders", loaded, again).differences == 0
    assert compare("orders", loaded, ComparedTable(columns, [(2, noon)])).differences == 1
    assert compare("orders", loaded, ComparedTable(columns[:1], [(1,)])).schema == (
        "_loaded_at (wall clock time) is missing",
    )
