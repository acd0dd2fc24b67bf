from dataclasses import dataclass

from platform_runtime.files.landing import Landing

from architecture_patterns.landed import SourceRow, source_files

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
        RefusedFileError: when a file is not as it should be; nothing is loaded then.
        RefusedFilesError: when something there is no file.
    """
    return Extracted(
        orders=[
            row for file in source_files(landing, "shop/orders").all_of_them() for row in file.rows(_ORDER_COLUMNS)
        ],
        stores=[
            row for file in source_files(landing, "shop/stores").all_of_them() for row in file.rows(_STORE_COLUMNS)
        ],
    )
