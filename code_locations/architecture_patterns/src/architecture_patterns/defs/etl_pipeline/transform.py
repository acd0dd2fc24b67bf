from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from architecture_patterns.defs.etl_pipeline.extract import Extracted
from architecture_patterns.defs.etl_pipeline.order import Order, RejectedOrder, read_order


@dataclass(frozen=True, slots=True)
class StoreMonth:
    """What one store sold in one month: the number of orders, revenue before tax and tax in US dollars."""

    month: date
    store_id: str
    store: str
    orders: int
    revenue: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Shaped:
    """The finished tables, and what became of the rows that were extracted.

    `superseded` counts the rows that a later row of the same order replaced.
    """

    revenue: list[StoreMonth]
    rejected: list[RejectedOrder]
    extracted: int
    superseded: int


def transform(extracted: Extracted) -> Shaped:
    """Judge every order, let the last readable row of an order stand, and add up by store and month."""
    store_names = {row.values["id"]: row.values["name"].strip() for row in extracted.stores}
    judged = [read_order(row, store_names) for row in extracted.orders]
    accepted = [order for order in judged if isinstance(order, Order)]
    standing = {order.order_id: order for order in accepted}
    return Shaped(
        revenue=_store_months(standing.values(), store_names),
        rejected=[order for order in judged if isinstance(order, RejectedOrder)],
        extracted=len(extracted.orders),
        superseded=len(accepted) - len(standing),
    )


def _store_months(orders: Iterable[Order], store_names: dict[str, str]) -> list[StoreMonth]:
    groups: defaultdict[tuple[date, str], list[Order]] = defaultdict(list)
    for order in orders:
        groups[order.month, order.store_id].append(order)
    return [
        StoreMonth(
            month=month,
            store_id=store_id,
            store=store_names[store_id],
            orders=len(group),
            revenue=_dollars(sum(order.subtotal for order in group)),
            tax=_dollars(sum(order.tax for order in group)),
        )
        for (month, store_id), group in sorted(groups.items())
    ]


def _dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
