import dagster as dg
from platform_contract.layer import Layer
from platform_runtime.declared_schema import ResolvedModel
from platform_runtime.files.landing import Landing
from platform_runtime.pools import Pool
from pydantic import Field

from architecture_patterns.defs.elt_pipeline.load import load_raw
from architecture_patterns.landed import source_files
from architecture_patterns.table_metadata import table_metadata
from architecture_patterns.warehouse.warehouse import Warehouse


class RawTable(dg.Model, ResolvedModel):
    """A table that holds files as they landed."""

    name: str = Field(description="The table.", examples=["raw_stores"])
    source: str = Field(description="Its folder under landing.", examples=["shop/stores"])
    columns: list[str] = Field(
        description="What each file's header must hold, in any order.", examples=[["id", "name"]]
    )
    description: str = Field(description="What a reader should know.", examples=["Stores as they arrived, as text."])


def raw_asset(raw: RawTable, spec: dg.AssetSpec) -> dg.AssetsDefinition:
    """The asset that loads the table."""

    @dg.multi_asset(name=spec.key.to_python_identifier(), specs=[spec], pool=Pool.ELT_PIPELINE.value)
    def load(elt_landing: Landing, elt_warehouse: Warehouse) -> dg.MaterializeResult:
        loaded = load_raw(elt_warehouse, raw.name, raw.columns, source_files(elt_landing, raw.source))
        counts = {"files_loaded": len(loaded.new), "files_known": len(loaded.known)}
        return dg.MaterializeResult(metadata={**_content(elt_warehouse, raw), **counts})

    return load


def _content(warehouse: Warehouse, raw: RawTable) -> dict[str, dg.MetadataValue]:
    table = warehouse.table(Layer.RAW, raw.name)
    with warehouse.session(Layer.RAW) as session:
        first = session.first_rows(table, "_source_file, _source_line")
        return table_metadata(session.count(table, "true"), first.columns, first.rows)
