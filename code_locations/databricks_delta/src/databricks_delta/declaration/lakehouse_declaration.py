from typing import Self

from pydantic import Field, model_validator

from databricks_delta.declaration.declaration import Declaration, nearest
from databricks_delta.declaration.partitioning import Partitioning
from databricks_delta.declaration.source import Source
from databricks_delta.declaration.tables import BronzeTable, ComputedTable
from databricks_delta.declaration.warehouse_use import WarehouseUse


class LakehouseDeclaration(Declaration):
    """A lakehouse: files that arrive, the bronze table that keeps them, and the tables computed from it."""

    demo_mode: bool | str = Field(description="On this machine (true) or in Databricks (false)")
    domain: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="First part of every asset key")
    owners: list[str] = Field([], description="team:<name> or an address")
    tags: dict[str, str] = Field({})
    partitioning: Partitioning
    parameters: dict[str, int | float | str] = Field({}, description="Value of each :name that SQL may use")
    shared: dict[str, str] = Field({}, description="SELECTs that others read by name: file by name")
    source: Source
    bronze: BronzeTable
    tables: list[ComputedTable]
    warehouse: WarehouseUse = Field(default_factory=WarehouseUse, description="How long anyone waits in Databricks")
    maintenance: str = Field("0 4 1 * *", description="Cron schedule (UTC) of the maintenance job, where there is one")

    @model_validator(mode="after")
    def _check_tables(self) -> Self:
        names = tuple(table.table for table in self.tables)
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"tables: {name} is declared twice")
        for table in self.tables:
            if table.rejects_of is not None and table.rejects_of not in names:
                raise ValueError(
                    f"tables: {table.table} has rejects_of: {table.rejects_of!r}, which is not one of the tables"
                    f"{nearest(table.rejects_of, names)}"
                )
        return self
