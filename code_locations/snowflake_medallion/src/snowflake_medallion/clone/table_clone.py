from abc import ABC, abstractmethod

from platform_contract.clone_route import CloneRoute
from platform_runtime.table_copy import TableCopy

from snowflake_medallion.clone.cloned_table import ClonedTable


class TableClone(ABC):
    """Copies a domain's tables of one deployment into the same places of another, on one engine."""

    route: CloneRoute

    @abstractmethod
    def clone(self, table: ClonedTable, run_id: str) -> TableCopy | None:
        """Replace the copy by the table as it is now, whole or not at all; None where the source has no such table.

        Args:
            table: which one.
            run_id: the Dagster run that asks for it.
        """
