from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
from platform_contract.layer import Layer
from platform_runtime.pools import Pool

from snowflake_medallion.asset_keys import raw_asset_key
from snowflake_medallion.landing import Landing
from snowflake_medallion.raw_load import TableLoad, load_tables
from snowflake_medallion.raw_store import RawStore
from snowflake_medallion.raw_table import SHOP, SHOP_TABLES, RawTable

FILES_ACCEPTED = "landed_files_accepted"


def raw_assets(landing: Landing, scratch: Path, kind: str, owners: Sequence[str]) -> dg.AssetsDefinition:
    """The raw tables of the shop, loaded from what has landed.

    A file that is refused fails the check of its table and holds up nothing else: every good file is loaded, and the
    models are built from what is there.
    """

    @dg.multi_asset(
        name="shop_raw_load",
        specs=[_spec(table, kind, owners) for table in SHOP_TABLES],
        check_specs=[_check_spec(table) for table in SHOP_TABLES],
        can_subset=True,
        pool=Pool.RAW_DUCKDB.value,
    )
    def shop_raw_load(
        context: dg.AssetExecutionContext, raw_store: RawStore
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        selected = [table for table in SHOP_TABLES if raw_asset_key(table.name) in context.selected_asset_keys]
        for load in load_tables(raw_store, landing, selected, scratch, context.run.run_id):
            yield dg.MaterializeResult(raw_asset_key(load.table.name), metadata=_metadata(load))
            yield _check(load)

    return shop_raw_load


def _spec(table: RawTable, kind: str, owners: Sequence[str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        raw_asset_key(table.name),
        description=f"Rows of the files that landed in `{SHOP}/{table.name}/`, all values as text, each content once.",
        group_name=Layer.RAW.value,
        kinds={kind, "csv"},
        owners=owners,
        tags={"layer": Layer.RAW.value},
        metadata={"dagster/column_schema": _schema(table)},
    )


def _schema(table: RawTable) -> dg.TableSchema:
    return dg.TableSchema([dg.TableColumn(name, kind) for name, kind in table.column_types.items()])


def _check_spec(table: RawTable) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        FILES_ACCEPTED,
        asset=raw_asset_key(table.name),
        description="Every landed file could be read; a file that could not stays in the landing folder.",
    )


def _check(load: TableLoad) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=not load.refused,
        asset_key=raw_asset_key(load.table.name),
        check_name=FILES_ACCEPTED,
        description="\n".join(str(file) for file in load.refused) or None,
        metadata={"files_refused": len(load.refused)},
    )


def _metadata(load: TableLoad) -> dict[str, dg.MetadataValue | int]:
    return {
        "dagster/row_count": load.rows,
        "rows_loaded": load.rows_loaded,
        "files_loaded": len(load.loaded),
        "files_loaded_before": load.present,
        "files_refused": len(load.refused),
        "files": dg.MetadataValue.md(_listing(load)),
    }


def _listing(load: TableLoad) -> str:
    rows = "\n".join(f"| {file.file} | {file.rows:,} |" for file in load.loaded)
    return f"| loaded file | rows |\n|---|--:|\n{rows}" if rows else "nothing new has landed"
