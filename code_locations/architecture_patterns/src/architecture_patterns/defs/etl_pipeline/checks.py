from collections.abc import Iterator

import dagster as dg
from platform_contract.layer import Layer

from architecture_patterns.defs.etl_pipeline.load import REVENUE
from architecture_patterns.defs.etl_pipeline.transform import Shaped
from architecture_patterns.warehouse.warehouse import Warehouse

_NO_ORDER_LOST = "no_order_lost"
_ONE_ROW = "one_row_per_store_and_month"
_FEW_REJECTED = "few_rejected"


def check_specs(revenue: dg.AssetKey, rejected: dg.AssetKey, max_rejected_share: float) -> list[dg.AssetCheckSpec]:
    """What is checked after every load."""
    return [
        dg.AssetCheckSpec(
            _NO_ORDER_LOST, asset=revenue, description="Orders in the table + rejected + superseded = rows extracted."
        ),
        dg.AssetCheckSpec(_ONE_ROW, asset=revenue, description="No store has two rows for one month."),
        dg.AssetCheckSpec(
            _FEW_REJECTED, asset=rejected, description=f"At most {max_rejected_share:.2%} of the rows are rejected."
        ),
    ]


def evaluate_checks(
    warehouse: Warehouse, shaped: Shaped, revenue: dg.AssetKey, rejected: dg.AssetKey, max_rejected_share: float
) -> Iterator[dg.AssetCheckResult]:
    """Compare what the warehouse holds now with what was extracted."""
    table = warehouse.table(Layer.GOLD, REVENUE)
    orders = _number(warehouse, f"select coalesce(sum(orders), 0) from {table}")  # noqa: S608 - own names
    repeated = _number(warehouse, f"select count(*) - count(distinct month || store_id) from {table}")  # noqa: S608
    unaccounted = shaped.extracted - orders - len(shaped.rejected) - shaped.superseded
    share = len(shaped.rejected) / shaped.extracted if shaped.extracted else 0.0
    yield _result(_NO_ORDER_LOST, revenue, unaccounted == 0, {"orders": orders, "unaccounted_for": unaccounted})
    yield _result(_ONE_ROW, revenue, repeated == 0, {"repeated": repeated})
    yield _result(_FEW_REJECTED, rejected, share <= max_rejected_share, {"rejected_share": share})


def _number(warehouse: Warehouse, sql: str) -> int:
    with warehouse.session(Layer.GOLD) as session:
        return int(session.query(sql).rows[0][0])


def _result(name: str, key: dg.AssetKey, passed: bool, metadata: dict[str, float]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(check_name=name, asset_key=key, passed=passed, metadata=metadata)
