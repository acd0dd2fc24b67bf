from collections.abc import Sequence
from enum import StrEnum

import dagster as dg
from platform_contract.layer import Layer


class Pattern(StrEnum):
    """An architecture pattern; the value is its folder, its asset group and the second part of its asset keys."""

    ETL_PIPELINE = "etl_pipeline"
    ELT_PIPELINE = "elt_pipeline"
    LAKEHOUSE_PIPELINE = "lakehouse_pipeline"
    COMPOSABLE_RESOURCES = "composable_resources"

    def key(self, table: str) -> dg.AssetKey:
        """The asset key of one of the pattern's tables: `patterns/<pattern>/<table>`."""
        return dg.AssetKey(["patterns", self.value, table])


def table_spec(
    pattern: Pattern,
    table: str,
    *,
    layer: Layer,
    description: str,
    upstream: Sequence[str],
    kinds: set[str],
    when_to_choose: str,
) -> dg.AssetSpec:
    """One table of a pattern as Dagster shows it.

    Args:
        pattern: the pattern.
        table: the table's name, the last part of its key.
        layer: the layer of the medallion that it stands for.
        description: what a reader should know of it.
        upstream: names of the pattern's own tables that it is made from.
        kinds: badges in the UI.
        when_to_choose: the pattern's README; every asset carries it, so that the page of each answers the question.
    """
    return dg.AssetSpec(
        key=pattern.key(table),
        deps=[pattern.key(name) for name in upstream],
        group_name=pattern.value,
        description=description,
        kinds=kinds,
        tags={"layer": layer.value},
        metadata={"when_to_choose": dg.MetadataValue.md(when_to_choose)},
    )
