from collections.abc import Mapping
from dataclasses import dataclass

from platform_contract.layer import Layer
from platform_runtime.lakehouse.columns import ColumnType, DecimalType
from platform_runtime.lakehouse.granularity import Granularity
from platform_runtime.marks.marks import Marks

from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.sql_names import quoted_name


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: ColumnType | DecimalType
    description: str
    nullable: bool


def period_column(granularity: Granularity) -> Column:
    """The column that says to which period a row belongs."""
    about = f"UTC {granularity} of the row, {granularity.written}; the partition"
    return Column(granularity.column, ColumnType.STRING, about, nullable=False)


@dataclass(frozen=True, slots=True)
class LakehouseTable:
    """A Delta table as it should be, the column of its period the last, where it has one.

    Attributes:
        granularity: how long the periods are that it is kept and replaced by; None where it has none.
        schema: where it is kept: the schema of its domain and layer.
        clustering: columns that rows are ordered by within a period.
        liquid: whether Databricks keeps periods together by liquid clustering, instead of a folder for each. On a
            laptop there is a folder for each, for delta-rs knows no liquid clustering.
        marks: the columns whose values never leave.
    """

    layer: Layer
    granularity: Granularity | None
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
    def sql_name(self) -> str:
        """The same as Databricks SQL writes it."""
        return quoted_name(self.full_name)

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
        return () if self.liquid else self._periods

    @property
    def clustered_by(self) -> tuple[str, ...]:
        """The columns of its liquid clustering."""
        return (*self._periods, *self.clustering) if self.liquid else ()

    @property
    def ordered_by(self) -> tuple[str, ...]:
        """How rows are ordered when they are written: a period ends before the next begins."""
        return (*self._periods, *self.clustering)

    @property
    def period(self) -> str:
        """The column that says to which period a row belongs.

        Raises:
            LakehouseError: for a table without one.
        """
        if self.granularity is None:
            raise LakehouseError(f"{self.full_name} is a dimension, it has no period")
        return self.granularity.column

    @property
    def _periods(self) -> tuple[str, ...]:
        return () if self.granularity is None else (self.granularity.column,)

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
