"""A corrected order, a late one, a duplicate, one that cannot be read, a renamed customer, a padded name, a new one.

Every expected value was worked out by hand from the batch and from what the shipped year held before.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.fakes.shop_story import (
    BATCH_SENT_AT,
    BROOKLYN,
    CORRECTED,
    DAVID,
    ELIZABETH,
    HEATHER,
    PHILADELPHIA,
    REPEATED,
    TIMOTHY,
    YEAR_SENT_AT,
    Stage,
    Story,
)

# The first test waits for three runs of the location.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

Row = dict[str, Any]


def by(rows: list[Row], *columns: str) -> dict[Any, Row]:
    found = {tuple(row[column] for column in columns): row for row in rows}
    assert len(found) == len(rows)
    return found if len(columns) > 1 else {key[0]: row for key, row in found.items()}


def customers(stage: Stage) -> dict[str, Row]:
    return by(stage.tables["gold.gold_customer_summary"], "customer_id")


def store_days(stage: Stage) -> dict[tuple[str, date], Row]:
    return by(stage.tables["gold.gold_store_daily_sales"], "store", "day")


def orders(stage: Stage) -> dict[str, Row]:
    return by(stage.tables["silver.silver_orders"], "order_id")


def test_gold_of_the_customers_it_touches(story: Story) -> None:
    before, after = customers(story.year), customers(story.batch)
    # Two dollars and twelve cents tax more: 3,070.55 + 2.12, over 127 orders.
    assert after[TIMOTHY] == before[TIMOTHY] | {
        "customer_name": "Timothy Waller-Stone",
        "lifetime_value": Decimal("3072.67"),
        "average_order_value": Decimal("24.19"),
        "days_since_last_order": 2,
    }
    # 939.07 + 5.20 over 52 orders.
    assert after[DAVID] == before[DAVID] | {
        "orders": 52,
        "lifetime_value": Decimal("944.27"),
        "average_order_value": Decimal("18.16"),
        "days_since_last_order": 1,
        "segment": "loyal",
    }
    assert before[DAVID]["segment"] == "regular"
    # 118.56 + 10.60 over 12 orders; eleven of them in Brooklyn.
    assert after[HEATHER] == before[HEATHER] | {
        "orders": 12,
        "last_order_at": datetime(2019, 9, 1, 9),  # noqa: DTZ001 - local time of the store
        "lifetime_value": Decimal("129.16"),
        "average_order_value": Decimal("10.76"),
        "favourite_store": "Brooklyn",
        "days_since_last_order": 0,
        "segment": "regular",
    }
    assert before[HEATHER]["segment"] == "occasional"
    assert after["customer-new"] == {
        "customer_id": "customer-new",
        "customer_name": "Nora New",
        "orders": 0,
        "first_order_at": None,
        "last_order_at": None,
        "lifetime_value": Decimal("0.00"),
        "average_order_value": None,
        "favourite_store": None,
        "days_since_last_order": None,
        "segment": "occasional",
    }


def test_gold_of_all_other_customers_is_a_day_older(story: Story) -> None:
    before, after = customers(story.year), customers(story.batch)
    others = set(before) - {TIMOTHY, DAVID, HEATHER}
    assert set(after) == set(before) | {"customer-new"}
    for customer in others:
        older = before[customer]["days_since_last_order"] + 1
        assert after[customer] == before[customer] | {"days_since_last_order": older}


def test_gold_of_the_store_days(story: Story) -> None:
    before, after = store_days(story.year), store_days(story.batch)
    corrected = ("Philadelphia", date(2018, 9, 1))
    assert before[corrected]["revenue"] == Decimal("586.00")
    changed = {
        corrected: before[corrected] | {"revenue": Decimal("588.00"), "tax": Decimal("35.26")},
        ("Brooklyn", date(2019, 3, 11)): {
            "store": "Brooklyn",
            "day": date(2019, 3, 11),
            "orders": 1,
            "revenue": Decimal("5.00"),
            "tax": Decimal("0.20"),
        },
        ("Philadelphia", date(2019, 9, 1)): {
            "store": "Philadelphia",
            "day": date(2019, 9, 1),
            "orders": 1,
            "revenue": Decimal("10.00"),
            "tax": Decimal("0.60"),
        },
    }
    assert after == before | changed
    assert len(after) == 540


def test_silver_takes_corrections_and_late_orders_and_keeps_what_a_bad_one_would_erase(story: Story) -> None:
    before, after = orders(story.year), orders(story.batch)
    assert set(after) == set(before) | {"late-1", "new-1"}
    assert after[CORRECTED]["order_total"] == Decimal("31.80")
    assert after[CORRECTED]["_source_file"] == "orders/orders_2019_09.csv"
    assert (after["late-1"]["store_id"], after["late-1"]["order_total"]) == (BROOKLYN, Decimal("5.20"))
    money = ("subtotal", "tax_paid", "order_total")
    assert [after[REPEATED][column] for column in money] == [before[REPEATED][column] for column in money]
    assert after[REPEATED]["store_id"] == PHILADELPHIA
    for order in set(before) - {CORRECTED, REPEATED}:
        assert after[order] == before[order]


def test_the_row_that_cannot_be_read_is_kept_whole_with_the_reason(story: Story) -> None:
    (rejected,) = story.batch.tables["silver.silver_rejected_rows"]
    assert rejected["entity"] == "orders"
    assert rejected["reason"] == "subtotal is not a whole number of cents"
    assert (rejected["_source_file"], rejected["_source_row"]) == ("orders/orders_2019_09.csv", 5)
    assert rejected["row_as_arrived"] == (
        f'{{"id":"{REPEATED}","customer":"{ELIZABETH}","ordered_at":"2018-09-01T09:25:00","store_id":"{PHILADELPHIA}",'
        '"subtotal":"7OO","tax_paid":"42","order_total":"742"}'
    )
    counted = story.batch.metadata["shop/silver_rejected_rows"]
    assert (counted["rows_rejected"].value, counted["rows_rejected_orders"].value) == (1, 1)


def test_history_has_a_version_for_each_name(story: Story) -> None:
    history = story.batch.tables["gold.gold_customer_history"]
    sent, renamed = YEAR_SENT_AT.replace(tzinfo=None), BATCH_SENT_AT.replace(tzinfo=None)
    versions = [
        (row["customer_name"], row["dbt_valid_from"], row["dbt_valid_to"])
        for row in sorted(history, key=lambda row: row["dbt_valid_from"])
        if row["customer_id"] == TIMOTHY
    ]
    assert versions == [("Timothy Waller", sent, renamed), ("Timothy Waller-Stone", renamed, None)]
    # A padded name is no other name.
    assert [(row["customer_name"], row["dbt_valid_to"]) for row in history if row["customer_id"] == ELIZABETH] == [
        ("Elizabeth Ford", None)
    ]
    assert len(story.year.tables["gold.gold_customer_history"]) == 942
    assert len(history) == 944


def test_a_file_that_is_refused_fails_its_check_and_nothing_else(story: Story) -> None:
    failed = {key: check for key, check in story.batch.checks.items() if not check.passed}
    assert set(failed) == {
        ("shop/raw/orders", "landed_files_accepted"),
        ("shop/silver_orders", "silver_orders_latest_order_is_recent"),
    }
    refused = failed["shop/raw/orders", "landed_files_accepted"]
    assert refused.severity.value == "ERROR"
    assert refused.description is not None
    assert refused.description.startswith(
        "orders/orders_2019_10.csv, the header: column 'store_id' is missing; send it with"
    )
    assert story.batch.success
