"""The shop as its own `defs.yaml` declares it, for tests of what works on any domain."""

from platform_contract.domains import domain_named
from snowflake_medallion.raw_table import RawTable

SHOP = domain_named("shop")
CUSTOMERS = RawTable(SHOP, "customers", "customers", ("id", "name"), ("id",))
STORES = RawTable(SHOP, "stores", "stores", ("id", "name", "opened_at", "tax_rate"), ("id",))
ORDERS = RawTable(
    SHOP,
    "orders",
    "orders",
    ("id", "customer", "ordered_at", "store_id", "subtotal", "tax_paid", "order_total"),
    ("id",),
)
SHOP_TABLES = (CUSTOMERS, STORES, ORDERS)
