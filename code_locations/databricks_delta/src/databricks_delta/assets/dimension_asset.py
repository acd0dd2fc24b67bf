import time
from typing import Any

import dagster as dg
from platform_runtime.marks.mask import masked_row

from databricks_delta.assets.asset_context import AssetContext, column_schema
from databricks_delta.assets.code_version import dimension_version
from databricks_delta.assets.markdown import markdown_table
from databricks_delta.assets.period_metadata import lineage
from databricks_delta.lakehouse.dimension_table import DimensionTable
from databricks_delta.lakehouse.lakehouse import Lakehouse, Reader
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.lakehouse.statement import Statement

CHANGED = "changed"
"""Metadata of a dimension's materialisation: whether it is anything else than it was."""

_ROWS = 5


def dimension_asset(shared: AssetContext, target: DimensionTable) -> dg.AssetsDefinition:
    """Lets a dimension be what its SELECT gives now; one that holds that already is not written."""

    @dg.multi_asset(
        name=shared.op_name(target.table.full_name),
        specs=[_spec(shared, target)],
        backfill_policy=dg.BackfillPolicy.single_run(),
        required_resource_keys={shared.resource},
    )
    def replace_whole(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        lakehouse: Lakehouse = getattr(context.resources, shared.resource)
        started = time.perf_counter()
        changed = lakehouse.replace_whole(target)
        run = {"seconds": time.perf_counter() - started, CHANGED: changed}
        state = lakehouse.state(target.table)
        size = {"delta_version": state.version, "files": state.files, "bytes": state.size_bytes}
        with lakehouse.reader() as reader:
            rows = _rows(reader, target)
        return dg.MaterializeResult(metadata=run | size | rows | _columns(shared, target))

    return replace_whole


def _spec(shared: AssetContext, target: DimensionTable) -> dg.AssetSpec:
    spec = shared.spec(target.table, dimension_version(target))
    sql = dg.MetadataValue.md(f"```sql\n{target.statement.sql.strip()}\n```")
    read = [dg.AssetDep(shared.key(full_name)) for full_name in sorted(target.statement.tables_read)]
    return spec.merge_attributes(metadata={"sql": sql}).replace_attributes(deps=read)


def _rows(reader: Reader, target: DimensionTable) -> dict[str, Any]:
    name, columns = target.table.sql_name, quoted(target.table.column_names)
    order = quoted(target.table.clustering or target.table.column_names)
    counted = Statement(f"SELECT count(*) AS n FROM {name}", f"rows of {target.table.full_name}", {})  # noqa: S608
    first = f"SELECT {columns} FROM {name} ORDER BY {order} LIMIT {_ROWS}"  # noqa: S608
    found = reader.query(Statement(first, f"preview of {target.table.full_name}", {}), None)
    preview = [dict(masked_row(row, target.table.marks)) for row in found]
    return {
        "dagster/row_count": int(str(reader.query(counted, None)[0]["n"])),
        "preview": dg.MetadataValue.md(markdown_table(preview)),
    }


def _columns(shared: AssetContext, target: DimensionTable) -> dict[str, Any]:
    return {
        "dagster/column_schema": column_schema(target.table),
        "dagster/column_lineage": lineage(shared, target.statement),
    }
