from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, override

from databricks_delta.lakehouse.databricks_lakehouse import DatabricksLakehouse
from platform_contract.clone_route import CloneRoute
from platform_contract.databricks_names import DatabricksNames
from sqlglot import exp

from platform_cli.diff.gold_store import Columns, GoldStore, Side


@dataclass(frozen=True, slots=True)
class DatabricksGold(GoldStore):
    """One gold schema of two catalogs in Databricks; the principal that clones production's tables reads both."""

    lakehouse: DatabricksLakehouse
    route: CloneRoute
    gold: str

    @property
    @override
    def schema(self) -> str:
        return self.gold

    @property
    @override
    def dialect(self) -> str:
        return "databricks"

    @override
    def tables(self, side: Side) -> dict[str, Columns]:
        shown = self.lakehouse.execute(f"SHOW TABLES IN {self._names(side).schema(self.gold)}")
        return {table: self._columns(side, table) for table in sorted(str(row["tableName"]) for row in shown)}

    @override
    def relation(self, side: Side, table: str) -> exp.Table:
        return exp.table_(table, db=self.gold, catalog=self._names(side).catalog, quoted=True)

    @override
    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        return [tuple(row.values()) for row in self.lakehouse.execute(sql)]

    def _columns(self, side: Side, table: str) -> Columns:
        described: Columns = {}
        for row in self.lakehouse.execute(f"DESCRIBE TABLE {self._names(side).table(self.gold, table)}"):
            # What follows says how the table is partitioned.
            if not row["col_name"] or str(row["col_name"]).startswith("#"):
                break
            described[str(row["col_name"])] = str(row["data_type"])
        return described

    def _names(self, side: Side) -> DatabricksNames:
        return DatabricksNames(self.route.source if side is Side.BASE else self.route.target)
