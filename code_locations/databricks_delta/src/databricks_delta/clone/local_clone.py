from dataclasses import dataclass
from pathlib import Path
from typing import override

import pyarrow as pa
from deltalake import DeltaTable
from platform_contract.clone_route import CloneRoute
from platform_contract.local_paths import LocalPaths

from databricks_delta.clone.delta_folder import copy_delta_table
from databricks_delta.clone.lakehouse_clone import LakehouseClone
from databricks_delta.lakehouse.table import LakehouseTable


@dataclass(frozen=True, slots=True)
class LocalClone(LakehouseClone):
    """Copies the folders of Delta tables on this machine.

    Attributes:
        route: from which deployment to which.
        root: holds a folder for each deployment.
    """

    route: CloneRoute
    root: Path

    @override
    def source_name(self, table: LakehouseTable) -> str:
        return f"{self.route.source}: {table.full_name}"

    @override
    def has_source(self, table: LakehouseTable) -> bool:
        return DeltaTable.is_deltatable(str(self._source(table)))

    @override
    def clone(self, table: LakehouseTable) -> int:
        return copy_delta_table(self._source(table), self._target(table))

    @override
    def source_rows_by_period(self, table: LakehouseTable) -> dict[str, int]:
        return _rows_by_period(self._source(table), table)

    @override
    def rows_by_period(self, table: LakehouseTable) -> dict[str, int]:
        return _rows_by_period(self._target(table), table)

    def _source(self, table: LakehouseTable) -> Path:
        return LocalPaths(self.root, self.route.source).delta_table(table.schema, table.name)

    def _target(self, table: LakehouseTable) -> Path:
        return LocalPaths(self.root, self.route.target).delta_table(table.schema, table.name)


def _rows_by_period(folder: Path, table: LakehouseTable) -> dict[str, int]:
    """As the table's log says; no row is read."""
    files = pa.table(DeltaTable(folder).get_add_actions(flatten=True))
    rows: dict[str, int] = {}
    counts = files["num_records"].to_pylist()
    if table.granularity is None:
        return {"": sum(counts)}
    periods = files[f"partition.{table.period}"].to_pylist()
    for period, count in zip(periods, counts, strict=True):
        rows[period] = rows.get(period, 0) + count
    return rows
