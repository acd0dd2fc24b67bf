"""Gold of the shipped year, whole, against plain csv and decimal arithmetic."""

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.fakes.shop_story import SAMPLE, Story

# The first test waits for three runs of the location.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CENT = Decimal("0.01")


def orders() -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for file in sorted((SAMPLE / "orders").iterdir()):
        with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
            found += csv.DictReader(stream)
    return found


def names(table: str) -> dict[str, str]:
    with (SAMPLE / table / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row["name"] for row in csv.DictReader(stream)}


def dollars(rows: list[dict[str, str]], column: str) -> Decimal:
    return Decimal(sum(int(row[column]) for row in rows)) * CENT


def segment(count: int) -> str:
    return "loyal" if count >= 52 else "regular" if count >= 12 else "occasional"


def expected_customer(customer: str, name: str, mine: list[dict[str, str]], as_of: date) -> dict[str, Any]:
    times = [datetime.fromisoformat(row["ordered_at"]) for row in mine]
    visits = Counter(row["store_id"] for row in mine)
    favourite = min(visits, key=lambda store: (-visits[store], store))
    value = dollars(mine, "order_total")
    return {
        "customer_id": customer,
        "customer_name": name,
        "orders": len(mine),
        "first_order_at": min(times),
        "last_order_at": max(times),
        "lifetime_value": value,
        "average_order_value": (value / len(mine)).quantize(CENT, ROUND_HALF_UP),
        "favourite_store": names("stores")[favourite],
        "days_since_last_order": (as_of - max(times).date()).days,
        "segment": segment(len(mine)),
    }


def test_customer_summary_is_what_arithmetic_gives(story: Story) -> None:
    by_customer: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in orders():
        by_customer[row["customer"]].append(row)
    expected = [
        expected_customer(customer, name, by_customer[customer], date(2019, 8, 31))
        for customer, name in sorted(names("customers").items())
    ]
    assert len(expected) == 942
    assert story.year.tables["gold.gold_customer_summary"] == expected
    assert list(story.year.tables["gold.gold_customer_summary"][0]) == list(expected[0])


def test_store_daily_sales_is_what_arithmetic_gives(story: Story) -> None:
    by_day: dict[tuple[str, date], list[dict[str, str]]] = defaultdict(list)
    stores = names("stores")
    for row in orders():
        by_day[stores[row["store_id"]], date.fromisoformat(row["ordered_at"][:10])].append(row)
    expected = [
        {
            "store": store,
            "day": day,
            "orders": len(sold),
            "revenue": dollars(sold, "subtotal"),
            "tax": dollars(sold, "tax_paid"),
        }
        for (store, day), sold in sorted(by_day.items())
    ]
    assert len(expected) == 538
    assert story.year.tables["gold.gold_store_daily_sales"] == expected
    assert list(story.year.tables["gold.gold_store_daily_sales"][0]) == list(expected[0])


def test_lifetime_value_in_all(story: Story) -> None:
    summary = story.year.tables["gold.gold_customer_summary"]
    assert sum(row["lifetime_value"] for row in summary) == Decimal("787590.73")
    assert sum(row["orders"] for row in summary) == 71_350
    assert Counter(row["segment"] for row in summary) == {"loyal": 544, "regular": 322, "occasional": 76}


def test_every_row_of_every_file_reaches_bronze_as_it_arrived(story: Story) -> None:
    bronze = story.year.tables["bronze.bronze_orders"]
    columns = ["id", "customer", "ordered_at", "store_id", "subtotal", "tax_paid", "order_total"]
    assert sorted(tuple(row[column] for column in columns) for row in bronze) == sorted(
        tuple(row[column] for column in columns) for row in orders()
    )
    assert story.year.tables["silver.silver_rejected_rows"] == []
