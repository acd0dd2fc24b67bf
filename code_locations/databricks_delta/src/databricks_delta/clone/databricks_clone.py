from collections.abc import Mapping
from dataclasses import dataclass
from typing import override

from platform_contract.clone_route import CloneRoute

from databricks_delta.clone import clone_sql
from databricks_delta.clone.lakehouse_clone import LakehouseClone
from databricks_delta.lakehouse.databricks_lakehouse import DatabricksLakehouse
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.table import LakehouseTable


@dataclass(frozen=True, slots=True)
class DatabricksClone(LakehouseClone):
    """Clones Delta tables from one catalog into another by statements sent to a SQL warehouse.

    Attributes:
        route: from which deployment to which.
        lakehouse: of the pull request, for its connection.
    """

    route: CloneRoute
    lakehouse: DatabricksLakehouse

    @override
    def source_name(self, table: LakehouseTable) -> str:
        return clone_sql.source_name(self.route, table)

    @override
    def has_source(self, table: LakehouseTable) -> bool:
        return bool(self.lakehouse.execute(clone_sql.show_source(self.route, table)))

    @override
    def clone(self, table: LakehouseTable) -> int:
        for statement in clone_sql.clone_table(self.route, table):
            self.lakehouse.execute(statement)
        (entry,) = self.lakehouse.execute(clone_sql.newest_version(self.route, table))
        return _version(entry["operationParameters"], table)

    @override
    def source_rows_by_period(self, table: LakehouseTable) -> dict[str, int]:
        return self._counted(clone_sql.source_name(self.route, table), table)

    @override
    def rows_by_period(self, table: LakehouseTable) -> dict[str, int]:
        return self._counted(clone_sql.target_name(self.route, table), table)

    def _counted(self, full_name: str, table: LakehouseTable) -> dict[str, int]:
        rows = self.lakehouse.execute(clone_sql.rows_by_period(full_name, table))
        return {str(row["period"]): int(str(row["n"])) for row in rows}


def _version(parameters: object, table: LakehouseTable) -> int:
    found = dict(parameters) if isinstance(parameters, Mapping | list) else {}
    if "sourceVersion" not in found:
        raise LakehouseError(f"{table.full_name}: the newest version of the copy is no clone; run the clone again")
    return int(str(found["sourceVersion"]))
