from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import dagster as dg
from platform_runtime.lakehouse.granularity import Granularity

from databricks_delta.lakehouse.table import LakehouseTable


@dataclass(frozen=True, slots=True)
class AssetContext:
    """What every asset of one lakehouse shares.

    Attributes:
        domain: first part of every asset key.
        resource: key of the lakehouse among the resources.
        granularity: how long a period is.
        bronze: full names of the bronze tables.
        tables: every table of the lakehouse, by full name.
    """

    domain: str
    resource: str
    granularity: Granularity
    bronze: frozenset[str]
    owners: Sequence[str]
    tags: Mapping[str, str]
    partitions: dg.TimeWindowPartitionsDefinition
    tables: Mapping[str, LakehouseTable]

    def key(self, full_name: str) -> dg.AssetKey:
        """The asset key of a table: domain, layer, table."""
        table = self.tables[full_name]
        return dg.AssetKey([self.domain, table.layer.value, table.name])

    def op_name(self, full_name: str) -> str:
        """The name of the op that materialises a table."""
        return "_".join(self.key(full_name).path)

    def spec(self, table: LakehouseTable, code_version: str) -> dg.AssetSpec:
        """What Dagster shows of a table, whatever computes it."""
        return dg.AssetSpec(
            key=self.key(table.full_name),
            description=table.description,
            group_name=table.layer.value,
            kinds={"deltalake", table.layer.value},
            owners=self.owners,
            tags=self.tags,
            code_version=code_version,
            metadata={"dagster/column_schema": column_schema(table), "dagster/table_name": table.full_name},
        )


def column_schema(table: LakehouseTable) -> dg.TableSchema:
    """A table's columns as Dagster shows them."""
    columns = [
        dg.TableColumn(
            column.name,
            type=column.type.value,
            description=column.description,
            constraints=dg.TableColumnConstraints(nullable=column.nullable),
        )
        for column in table.columns
    ]
    return dg.TableSchema(columns)
