from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
from platform_contract.domain import Domain
from platform_contract.layer import Layer
from platform_runtime.files.folder import Folder
from platform_runtime.pools import Pool

from snowflake_medallion.asset_keys import raw_asset_key
from snowflake_medallion.raw_load import TableLoad, load_tables
from snowflake_medallion.raw_store import RawStore
from snowflake_medallion.raw_table import RawTable, Versions

FILES_ACCEPTED = "landed_files_accepted"
_KEPT = {Versions.ALL: "each content once", Versions.LATEST: "of each file the latest version"}


def raw_store_key(domain: Domain) -> str:
    """The resource in which a domain's raw tables are kept."""
    return f"{domain}_raw_store"


def raw_assets(
    landing: Folder, tables: Sequence[RawTable], scratch: Path, kind: str, owners: Sequence[str]
) -> dg.AssetsDefinition:
    """The raw tables of a domain, loaded from what has landed.

    A file that is refused fails the check of its table and holds up nothing else: every good file is loaded, and the
    models are built from what is there.

    Args:
        landing: where the domain's files arrive.
        tables: all of the domain.
        scratch: a folder for files on their way.
        kind: the engine's badge in the UI.
        owners: who answers for the tables.
    """
    domain = tables[0].domain
    store = raw_store_key(domain)

    @dg.multi_asset(
        name=f"{domain}_raw_load",
        specs=[_spec(table, kind, owners) for table in tables],
        check_specs=[_check_spec(table) for table in tables],
        can_subset=True,
        pool=Pool.RAW_DUCKDB.value,
        required_resource_keys={store},
    )
    def raw_load(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        selected = [table for table in tables if _key(table) in context.selected_asset_keys]
        raw_store: RawStore = getattr(context.resources, store)
        for load in load_tables(raw_store, landing, selected, scratch, context.run.run_id, declared=tables):
            yield dg.MaterializeResult(_key(load.table), metadata=_metadata(load))
            yield _check(load)

    return raw_load


def _key(table: RawTable) -> dg.AssetKey:
    return raw_asset_key(table.domain, table.name)


def _spec(table: RawTable, kind: str, owners: Sequence[str]) -> dg.AssetSpec:
    place = f"{table.domain}/{table.folder}/"
    return dg.AssetSpec(
        _key(table),
        description=f"Rows of the files that landed in `{place}`: {_KEPT[table.versions]}.",
        group_name=Layer.RAW.value,
        kinds={kind, table.format.suffix.removeprefix(".")},
        deps=[] if table.published_from is None else [dg.AssetKey.from_user_string(table.published_from)],
        owners=owners,
        tags={"layer": Layer.RAW.value},
        metadata={"dagster/column_schema": _schema(table), "key": ", ".join(table.key)},
    )


def _schema(table: RawTable) -> dg.TableSchema:
    return dg.TableSchema([dg.TableColumn(name, kind) for name, kind in table.column_types.items()])


def _check_spec(table: RawTable) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        FILES_ACCEPTED,
        asset=_key(table),
        description="Every landed file could be read; a file that could not stays in the landing folder.",
    )


def _check(load: TableLoad) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=not load.refused,
        asset_key=_key(load.table),
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
