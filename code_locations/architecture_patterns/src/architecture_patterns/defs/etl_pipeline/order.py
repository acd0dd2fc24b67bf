import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime

from architecture_patterns.landed import SourceRow

_WHOLE_CENTS = re.compile(r"-?[0-9]+")


@dataclass(frozen=True, slots=True)
class Order:
    """What the report needs of an order, and no more: amounts in US cents, the month as its first day."""

    order_id: str
    month: date
    store_id: str
    subtotal: int
    tax: int


@dataclass(frozen=True, slots=True)
class RejectedOrder:
    """An order that cannot be read: where it stands, and why. The row itself stays in the landed file."""

    source_file: str
    source_line: int
    reason: str


def read_order(row: SourceRow, known_stores: Container[str]) -> Order | RejectedOrder:
    """An order from its row, or the first reason why it is none."""
    reason = _fault(row.values, known_stores)
    if reason is not None:
        return RejectedOrder(row.file, row.line, reason)
    ordered_at = datetime.fromisoformat(row.values["ordered_at"])
    return Order(
        order_id=row.values["id"],
        month=ordered_at.date().replace(day=1),
        store_id=row.values["store_id"],
        subtotal=int(row.values["subtotal"]),
        tax=int(row.values["tax_paid"]),
    )


def _fault(values: dict[str, str], known_stores: Container[str]) -> str | None:
    if not values["id"]:
        return "id is empty"
    if not _is_timestamp(values["ordered_at"]):
        return f"ordered_at is not a timestamp: {values['ordered_at']}"
    if values["store_id"] not in known_stores:
        return f"store_id is not a known store: {values['store_id']}"
    unreadable = [column for column in ("subtotal", "tax_paid") if not _WHOLE_CENTS.fullmatch(values[column])]
    if unreadable:
        return f"{unreadable[0]} is not a number of cents: {values[unreadable[0]]}"
    return None


def _is_timestamp(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
