import time
from collections.abc import Iterator
from typing import Any

import dagster as dg
from platform_runtime.files.refusal import Refusal

from databricks_delta.assets.asset_context import AssetContext, column_schema
from databricks_delta.assets.code_version import bronze_version
from databricks_delta.assets.markdown import markdown_table
from databricks_delta.assets.preview import previews
from databricks_delta.lakehouse.bronze_source import BronzeSource
from databricks_delta.lakehouse.lakehouse import Lakehouse, Reader, Row
from databricks_delta.lakehouse.landing import Ingestion
from databricks_delta.lakehouse.periods import UNREADABLE_PERIOD, PeriodRange
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable

PERIODS = "periods"
"""Metadata of a bronze materialisation: the periods that its rows belong to."""

FILES_READABLE = "landing_files_readable"


def bronze_asset(shared: AssetContext, source: BronzeSource) -> dg.AssetsDefinition:
    """Takes in every landed file whose content is not in bronze yet.

    A file that cannot be loaded stops nobody: the others are committed, it stays where it landed, and the asset's own
    check fails until it is replaced or removed.
    """
    bronze = source.bronze
    key = shared.key(bronze.full_name)

    @dg.multi_asset(
        name=shared.op_name(bronze.full_name),
        specs=[shared.spec(bronze, bronze_version(source))],
        check_specs=[dg.AssetCheckSpec(FILES_READABLE, asset=key, description="Every landed file could be loaded")],
        backfill_policy=dg.BackfillPolicy.single_run(),
        required_resource_keys={shared.resource},
    )
    def ingest(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        lakehouse: Lakehouse = getattr(context.resources, shared.resource)
        started = time.perf_counter()
        ingestion = lakehouse.ingest(bronze, source.landing)
        seconds = time.perf_counter() - started
        for problem in ingestion.problems:
            context.log.error(str(problem))
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={"seconds": seconds} | _metadata(lakehouse, bronze, ingestion),
            check_results=[_files_readable(key, ingestion.problems)],
        )

    return ingest


def _metadata(lakehouse: Lakehouse, bronze: LakehouseTable, ingestion: Ingestion) -> dict[str, Any]:
    state = lakehouse.state(bronze)
    loaded = sum(file.rows for file in ingestion.loaded)
    with lakehouse.reader() as reader:
        row_count, preview = _row_count(reader, bronze), _preview(reader, bronze, ingestion)
    return {
        "dagster/row_count": row_count,
        "rows_in": loaded,
        "rows_out": loaded,
        "rows_unreadable": ingestion.rows_by_period.get(UNREADABLE_PERIOD, 0),
        PERIODS: dg.MetadataValue.json(sorted(ingestion.rows_by_period)),
        "files_loaded": dg.MetadataValue.md(_loaded(ingestion)),
        "files_known": len(ingestion.known),
        "files_ignored": ", ".join(ingestion.ignored) or "none",
        "delta_version": state.version,
        "files": state.files,
        "bytes": state.size_bytes,
        "preview": dg.MetadataValue.md(preview),
        "dagster/column_schema": column_schema(bronze),
    }


def _row_count(reader: Reader, bronze: LakehouseTable) -> int:
    counted = Statement(f"SELECT count(*) AS n FROM {bronze.sql_name}", "rows of bronze", {})  # noqa: S608
    return int(str(reader.query(counted, None)[0]["n"]))


def _loaded(ingestion: Ingestion) -> str:
    return markdown_table([{"file": f.name, "rows": f.rows, "sha256": f.sha256[:12]} for f in ingestion.loaded])


def _preview(reader: Reader, bronze: LakehouseTable, ingestion: Ingestion) -> str:
    readable = sorted(period for period in ingestion.rows_by_period if period != UNREADABLE_PERIOD)
    if not readable:
        return "_no new rows_"
    newest = readable[-1]
    return previews(reader, bronze, PeriodRange(newest, newest))[newest]


def _files_readable(key: dg.AssetKey, problems: tuple[Refusal, ...]) -> dg.AssetCheckResult:
    listed: list[Row] = [{"file": p.file, "place": p.place, "fault": p.fault, "fix": p.fix} for p in problems]
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=FILES_READABLE,
        passed=not problems,
        severity=dg.AssetCheckSeverity.ERROR,
        description="; ".join(map(str, problems)) or "Every landed file could be loaded",
        metadata={"problems": dg.MetadataValue.md(markdown_table(listed)), "files_refused": len(problems)},
    )
