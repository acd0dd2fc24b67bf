from dataclasses import dataclass

from architecture_patterns.landing.landed_file import SourceRow
from architecture_patterns.landing.landing import Landing

_ORDER_COLUMNS = ("id", "customer", "ordered_at", "store_id", "subtotal", "tax_paid", "order_total")
_STORE_COLUMNS = ("id", "name", "opened_at", "tax_rate")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What landed, as text: every row of every file, files by name."""

    orders: list[SourceRow]
    stores: list[SourceRow]


def extract(landing: Landing) -> Extracted:
    """Read all orders and stores.

    Raises:
        EmptyLandingError: when orders or stores have not landed.
        LandedFileError: when a file cannot be read; nothing is loaded then.
    """
    return Extracted(
        orders=[row for file in landing.files("shop/orders") for row in file.rows(_ORDER_COLUMNS)],
        stores=[row for file in landing.files("shop/stores") for row in file.rows(_STORE_COLUMNS)],
    )
