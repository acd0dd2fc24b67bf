import base64
from datetime import date
from decimal import Decimal

import duckdb
from snowflake_medallion.table_chart import Chart

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


def test_a_table_without_rows_is_an_empty_chart() -> None:
    assert image(Chart("day", "revenue", "store").markdown([])).startswith(PNG)
