from collections.abc import Mapping
from dataclasses import dataclass

from platform_contract.layer import Layer
from platform_runtime.lakehouse.columns import ColumnType
from platform_runtime.marks.marks import Marks

from databricks_delta.lakehouse.months import MONTH_COLUMN


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: ColumnType
    description: str
    nullable: bool


MONTH = Column(MONTH_COLUMN, ColumnType.STRING, "UTC month of the row, YYYY-MM; the partition", nullable=False)


@dataclass(frozen=True, slots=True)
class LakehouseTable:
    """A Delta table as it should be, `_month` the last of its columns.

    Attributes:
        schema: where it is kept: the schema of its domain and layer.
        clustering: columns that rows are ordered by within a month.
        liquid: whether Databricks keeps months together by liquid clustering, instead of a folder for each. On a laptop
            there is a folder for each, for delta-rs knows no liquid clustering.
        marks: the columns whose values never leave.
    """

    layer: Layer
    schema: str
    name: str
    description: str
    columns: tuple[Column, ...]
    clustering: tuple[str, ...]
    liquid: bool
    constraints: Mapping[str, str]
    retention_days: int
    marks: Marks

    @property
    def full_name(self) -> str:
        """`<schema>.<table>`, where it is kept."""
        return f"{self.schema}.{self.name}"

    @property
    def declared_name(self) -> str:
        """`<layer>.<table>`, as its declaration and its domain's SQL name it."""
        return f"{self.layer.value}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def partitioned_by(self) -> tuple[str, ...]:
        """The columns that name its folders."""
        return () if self.liquid else (MONTH_COLUMN,)

    @property
    def clustered_by(self) -> tuple[str, ...]:
        """The columns of its liquid clustering."""
        return (MONTH_COLUMN, *self.clustering) if self.liquid else ()

    @property
    def properties(self) -> dict[str, str]:
        """Delta table properties.

        Deletion vectors and column mapping stay off: readers of either engine must see the rows as they are.
        """
        retention = f"interval {self.retention_days} days"
        return {
            "delta.enableDeletionVectors": "false",
            "delta.columnMapping.mode": "none",
            "delta.deletedFileRetentionDuration": retention,
            "delta.logRetentionDuration": retention,
        }
