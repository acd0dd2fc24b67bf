from collections.abc import Iterator

import dagster as dg
from platform_contract.layer import Layer
from platform_runtime.files.landing import Landing
from platform_runtime.pools import Pool

from architecture_patterns.defs.etl_pipeline.checks import check_specs, evaluate_checks
from architecture_patterns.defs.etl_pipeline.extract import extract
from architecture_patterns.defs.etl_pipeline.load import load
from architecture_patterns.defs.etl_pipeline.transform import transform
from architecture_patterns.table_metadata import table_metadata
from architecture_patterns.warehouse.warehouse import Warehouse


def etl_asset(revenue: dg.AssetSpec, rejected: dg.AssetSpec, max_rejected_share: float) -> dg.AssetsDefinition:
    """The whole pipeline as one step: what exists between extract and load is memory, not a table."""

    @dg.multi_asset(
        name="etl_pipeline",
        specs=[revenue, rejected],
        check_specs=check_specs(revenue.key, rejected.key, max_rejected_share),
        pool=Pool.ETL_PIPELINE.value,
    )
    def etl_pipeline(
        etl_landing: Landing, etl_warehouse: Warehouse
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        extracted = extract(etl_landing)
        shaped = transform(extracted)
        load(etl_warehouse, shaped)

        yield _loaded(
            etl_warehouse,
            revenue.key,
            {
                "rows_extracted": shaped.extracted,
                "rows_rejected": len(shaped.rejected),
                "rows_superseded": shaped.superseded,
            },
        )
        yield _loaded(etl_warehouse, rejected.key, {})
        yield from evaluate_checks(etl_warehouse, shaped, revenue.key, rejected.key, max_rejected_share)

    return etl_pipeline


def _loaded(warehouse: Warehouse, key: dg.AssetKey, counts: dict[str, int]) -> dg.MaterializeResult:
    table = warehouse.table(Layer.GOLD, key.path[-1])
    with warehouse.session(Layer.GOLD) as session:
        first = session.first_rows(table, "1, 2")
        metadata = table_metadata(session.count(table, "true"), first.columns, first.rows)
    return dg.MaterializeResult(asset_key=key, metadata={**metadata, **counts})
