from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation
from platform_contract.layer import Layer

from snowflake_medallion.asset_keys import dbt_layer
from snowflake_medallion.table_chart import Chart
from snowflake_medallion.table_reader import TableReader

_PREVIEW_ROWS = 10
_REJECTED_ROWS = "silver_rejected_rows"


def with_table_metadata(output: dg.Output[None], invocation: DbtCliInvocation) -> dg.Output[None]:
    """A model's output with what people look for on its page: of gold a preview and a chart, of silver rejected rows.

    The dbt project says in a model's `meta` what to draw (`chart`) and whose rejected rows to count (`rejected`).
    """
    if invocation.adapter is None:  # the library has warned of it
        return output
    reader = TableReader(invocation.adapter, invocation.project_dir)
    node = invocation.manifest["nodes"][output.metadata["unique_id"].value]
    return output.with_metadata({**output.metadata, **_table_metadata(reader, node, invocation.manifest)})


def _table_metadata(reader: TableReader, node: Mapping[str, Any], manifest: Mapping[str, Any]) -> dict[str, Any]:
    meta = node["config"]["meta"]
    metadata: dict[str, Any] = {}
    if dbt_layer(node) is Layer.GOLD:
        metadata["preview"] = _preview(reader, node)
    if "chart" in meta:
        metadata["chart"] = _chart(reader, node["relation_name"], meta["chart"])
    if "rejected" in meta:
        metadata["rows_rejected"] = _rejected(reader, manifest, meta["rejected"])
    return metadata


def _preview(reader: TableReader, node: Mapping[str, Any]) -> dg.MetadataValue:
    order = ", ".join([*node["columns"]][:2])
    sql = f"select * from {node['relation_name']} order by {order} limit {_PREVIEW_ROWS}"  # noqa: S608 - the name is the project's
    columns, rows = reader.columns_and_rows(sql)
    lines = [columns, ["---"] * len(columns), *rows]
    return dg.MetadataValue.md("\n".join(f"| {' | '.join(map(str, line))} |" for line in lines))


def _chart(reader: TableReader, relation: str, meta: Mapping[str, str]) -> dg.MetadataValue:
    chart = Chart(meta["x"], meta["y"], meta.get("series"))
    _, rows = reader.columns_and_rows(chart.query(relation))
    return dg.MetadataValue.md(chart.markdown((series, x, y) for series, x, y in rows))


def _rejected(reader: TableReader, manifest: Mapping[str, Any], entity: str) -> int:
    rejected = next(node for node in manifest["nodes"].values() if node["name"] == _REJECTED_ROWS)
    sql = f"select count(*) from {rejected['relation_name']} where entity = '{entity}'"  # noqa: S608 - the project's
    _, ((count,),) = reader.columns_and_rows(sql)
    return int(count)
