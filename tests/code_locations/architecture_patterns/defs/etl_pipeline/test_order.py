import datetime as dt

import pytest
from architecture_patterns.defs.etl_pipeline.order import Order, RejectedOrder, read_order
from architecture_patterns.landed import SourceRow

GOOD = {"id": "o1", "ordered_at": "2018-09-30T23:59:59", "store_id": "s1", "subtotal": "1000", "tax_paid": "-60"}


def test_an_order_keeps_the_month_and_cents_and_forgets_the_customer() -> None:
    row = SourceRow("orders.csv", 2, {**GOOD, "customer": "c1"})
    assert read_order(row, {"s1"}) == Order("o1", dt.date(2018, 9, 1), "s1", 1000, -60)


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("id", "", "id is empty"),
        ("ordered_at", "", "ordered_at is not a timestamp: "),
        ("ordered_at", "2018-02-30T00:00:00", "ordered_at is not a timestamp: 2018-02-30T00:00:00"),
        ("store_id", "s2", "store_id is not a known store: s2"),
        ("subtotal", "10.5", "subtotal is not a number of cents: 10.5"),
        ("subtotal", "1_000", "subtotal is not a number of cents: 1_000"),
        ("subtotal", "NaN", "subtotal is not a number of cents: NaN"),
        ("tax_paid", "", "tax_paid is not a number of cents: "),
    ],
)
def test_a_row_that_cannot_be_read_says_why(column: str, text: str, reason: str) -> None:
    row = SourceRow("orders.csv", 7, {**GOOD, column: text})
    assert read_order(row, {"s1"}) == RejectedOrder("orders.csv", 7, reason)
