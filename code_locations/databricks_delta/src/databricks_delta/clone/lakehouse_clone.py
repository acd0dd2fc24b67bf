from abc import ABC, abstractmethod

from platform_contract.clone_route import CloneRoute

from databricks_delta.lakehouse.table import LakehouseTable


class LakehouseClone(ABC):
    """Copies Delta tables of one deployment into the same places of another, on one engine."""

    route: CloneRoute

    @abstractmethod
    def source_name(self, table: LakehouseTable) -> str:
        """The table that is copied, as a person would look for it."""

    @abstractmethod
    def has_source(self, table: LakehouseTable) -> bool:
        """Whether the source has such a table."""

    @abstractmethod
    def clone(self, table: LakehouseTable) -> int:
        """Replace the copy by the table as it is now, whole or not at all; the Delta version that it is a copy of."""

    @abstractmethod
    def source_rows_by_period(self, table: LakehouseTable) -> dict[str, int]:
        """How many rows the source's table holds, by period."""

    @abstractmethod
    def rows_by_period(self, table: LakehouseTable) -> dict[str, int]:
        """How many rows the copy holds, by period; of a dimension all under an empty one."""
