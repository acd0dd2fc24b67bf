from collections.abc import Mapping, Sequence
from dataclasses import astuple

from platform_contract.layer import Layer

from architecture_patterns.defs.etl_pipeline.transform import Shaped
from architecture_patterns.warehouse.warehouse import Warehouse

REVENUE = "monthly_store_revenue"
REJECTED = "rejected_orders"

_REVENUE_COLUMNS = {
    "month": "date",
    "store_id": "varchar",
    "store": "varchar",
    "orders": "integer",
    "revenue": "decimal(12, 2)",
    "tax": "decimal(12, 2)",
}
_REJECTED_COLUMNS = {"source_file": "varchar", "source_line": "integer", "reason": "varchar"}


def load(warehouse: Warehouse, shaped: Shaped) -> None:
    """Replace both tables; each shows its old content or its new, never half of one."""
    _replace(warehouse, REVENUE, _REVENUE_COLUMNS, [astuple(store_month) for store_month in shaped.revenue])
    _replace(warehouse, REJECTED, _REJECTED_COLUMNS, [astuple(rejected) for rejected in shaped.rejected])


def _replace(warehouse: Warehouse, name: str, columns: Mapping[str, str], rows: Sequence[tuple[object, ...]]) -> None:
    table = warehouse.table(Layer.GOLD, name)
    with warehouse.session(Layer.GOLD) as session:
        session.create_if_missing(table, columns)
        with session.transaction():
            session.execute(f"delete from {table}", [])  # noqa: S608 - own names
            session.insert(table, columns, rows)
