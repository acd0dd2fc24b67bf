"""The shop as its own `defs.yaml` declares it, for tests of what works on any domain."""

from dataclasses import replace

from platform_contract.domains import domain_named
from platform_runtime.files.file_format import CsvFormat
from snowflake_medallion.raw_table import RawTable, Versions

SHOP = domain_named("shop")
CSV = CsvFormat(delimiter=",", quote='"', encoding="utf-8", null_tokens=("",), decimal_comma=())
CUSTOMERS = RawTable(SHOP, "customers", "customers", ("id", "name"), ("id",), CSV, {}, Versions.ALL, None)
STORES = RawTable(
    SHOP, "stores", "stores", ("id", "name", "opened_at", "tax_rate"), ("id",), CSV, {}, Versions.ALL, None
)
ORDERS = RawTable(
    SHOP,
    "orders",
    "orders",
    ("id", "customer", "ordered_at", "store_id", "subtotal", "tax_paid", "order_total"),
    ("id",),
    CSV,
    {},
    Versions.ALL,
    None,
)
SHOP_TABLES = (CUSTOMERS, STORES, ORDERS)
# As stores, had they been published by another domain: of each file the latest version.
LATEST_STORES = replace(STORES, versions=Versions.LATEST, published_from="sea/silver/stores")
