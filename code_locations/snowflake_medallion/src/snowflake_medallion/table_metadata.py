from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation
from platform_contract.layer import Layer
from platform_runtime.marks.marks import Marks
from platform_runtime.marks.mask import masked_values

from snowflake_medallion.asset_keys import dbt_layer
from snowflake_medallion.dbt_marks import dbt_marks
from snowflake_medallion.table_chart import Chart
from snowflake_medallion.table_reader import TableReader

_PREVIEW_ROWS = 10


def table_metadata(invocation: DbtCliInvocation, output: dg.Output[None]) -> dict[str, Any]:
    """What people look for on a model's page: gold's rows and chart, the count of rejected rows.

    The dbt project says in a model's `meta` what to draw (`chart`) and by which column to count rejected rows
    (`rejected_by`). Only the model itself is read: dbt may still be at work on any other. Marked values are masked.
    """
    if invocation.adapter is None:  # the library has warned of it
        return {}
    reader = TableReader(invocation.adapter, invocation.project_dir)
    unique_id = str(output.metadata["unique_id"].value)
    return _metadata(reader, invocation.manifest["nodes"][unique_id], dbt_marks(invocation.manifest)[unique_id])


def _metadata(reader: TableReader, node: Mapping[str, Any], marks: Marks) -> dict[str, Any]:
    meta = node["config"]["meta"]
    metadata: dict[str, Any] = {}
    if dbt_layer(node) is Layer.GOLD:
        metadata["preview"] = _preview(reader, node, marks)
    if "chart" in meta:
        metadata["chart"] = _chart(reader, node["relation_name"], meta["chart"])
    if "rejected_by" in meta:
        metadata |= _rejected(reader, node["relation_name"], meta["rejected_by"])
    return metadata


def _preview(reader: TableReader, node: Mapping[str, Any], marks: Marks) -> dg.MetadataValue:
    order = ", ".join([*node["columns"]][:2]) or "1"
    sql = f"select * from {node['relation_name']} order by {order} limit {_PREVIEW_ROWS}"  # noqa: S608 - the name is the project's
    columns, rows = reader.columns_and_rows(sql)
    lines = [columns, ["---"] * len(columns), *(masked_values(columns, row, marks) for row in rows)]
    return dg.MetadataValue.md("\n".join(f"| {' | '.join(map(str, line))} |" for line in lines))


def _chart(reader: TableReader, relation: str, meta: Mapping[str, str]) -> dg.MetadataValue:
    chart = Chart(meta["x"], meta["y"], meta.get("series"))
    _, rows = reader.columns_and_rows(chart.query(relation))
    return dg.MetadataValue.md(chart.markdown((series, x, y) for series, x, y in rows))


def _rejected(reader: TableReader, relation: str, column: str) -> dict[str, int]:
    """How many rows in all, and of each value of the column."""
    sql = f"select {column}, count(*) from {relation} group by 1"  # noqa: S608 - the names are the project's
    _, rows = reader.columns_and_rows(sql)
    counts = {f"rows_rejected_{value}": int(count) for value, count in rows}
    return {"rows_rejected": sum(counts.values()), **counts}
