import base64
from datetime import date
from decimal import Decimal
from itertools import pairwise

import duckdb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from snowflake_medallion.table_chart import Chart, draw

PNG = b"\x89PNG\r\n\x1a\n"


def image(markdown: str) -> bytes:
    alternative, data = markdown.removeprefix("![").removesuffix(")").split("](data:image/png;base64,")
    assert alternative
    return base64.b64decode(data, validate=True)


def test_the_query_sums_y_by_series_and_x() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table sales as select * from (values ('b', 2, 1.5), ('a', 1, 2.5), ('b', 1, 1.0), ('b', 2, 2.0)) "
            "t(store, day, revenue)"
        )
        rows = connection.execute(Chart("day", "revenue", "store").query("sales")).fetchall()
        assert rows == [("a", 1, Decimal("2.5")), ("b", 1, Decimal("1.0")), ("b", 2, Decimal("3.5"))]
        assert connection.execute(Chart("store", "revenue", None).query("sales")).fetchall() == [
            (None, "a", Decimal("2.5")),
            (None, "b", Decimal("4.5")),
        ]


def test_days_are_lines_and_anything_else_is_bars() -> None:
    lines = Chart("day", "revenue", "store").markdown(
        [("a", date(2019, 1, 1), Decimal(1)), ("a", date(2019, 1, 2), Decimal(2)), ("b", date(2019, 1, 1), Decimal(3))]
    )
    bars = Chart("segment", "value", None).markdown([(None, "loyal", Decimal(1)), (None, "regular", Decimal(2))])
    assert image(lines).startswith(PNG)
    assert image(bars).startswith(PNG)
    assert bars.startswith("![value by segment](")


def test_where_y_is_null_nothing_is_drawn() -> None:
    """A share of none is null, of a day on which no flight arrived."""
    gap = ("a", date(2019, 1, 2), None)
    without = [("a", date(2019, 1, 1), Decimal(1)), ("a", date(2019, 1, 3), Decimal(3))]
    chart = Chart("day", "share", "store")
    assert image(chart.markdown([without[0], gap, without[1]])) == image(chart.markdown(without))
    assert image(chart.markdown([gap])).startswith(PNG)


def test_bars_of_several_series_stand_side_by_side() -> None:
    figure = Figure()
    axes = figure.subplots()
    draw(axes, [(station, kind, Decimal(1)) for station in ("EWR", "JFK") for kind in ("calm", "rain")])
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    spans = sorted((bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars)
    assert len(spans) == 4
    assert all(one[1] <= other[0] + 1e-9 for one, other in pairwise(spans))
    assert [label.get_text() for label in axes.get_xticklabels()] == ["calm", "rain"]


def test_a_table_without_rows_is_an_empty_chart() -> None:
    assert image(Chart("day", "revenue", "store").markdown([])).startswith(PNG)
