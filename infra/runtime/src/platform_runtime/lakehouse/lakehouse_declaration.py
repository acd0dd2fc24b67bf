from collections.abc import Iterator
from typing import Self

from platform_contract.layer import Layer
from pydantic import Field, model_validator

from platform_runtime.lakehouse.declaration import Declaration, nearest
from platform_runtime.lakehouse.partitioning import Partitioning
from platform_runtime.lakehouse.source import Source
from platform_runtime.lakehouse.tables import ComputedTable
from platform_runtime.lakehouse.warehouse_use import WarehouseUse


class LakehouseDeclaration[Check](Declaration):
    """A lakehouse: files that arrive, the bronze tables that keep them, and the tables computed from those.

    The location reads `Check` as the checks that it makes; who makes none reads them as they stand.
    """

    demo_mode: bool | str = Field(description="On this machine (true) or in Databricks (false)")
    domain: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$", description="Domain of the platform: first part of every asset key, of its places"
    )
    owners: list[str] = Field([], description="team:<name> or an address")
    tags: dict[str, str] = Field({})
    partitioning: Partitioning
    parameters: dict[str, int | float | str] = Field({}, description="Value of each :name that SQL may use")
    shared: dict[str, str] = Field({}, description="SELECTs that others read by name: file by name")
    sources: list[Source[Check]] = Field(min_length=1, description="Files that land, each kind with its bronze table")
    tables: list[ComputedTable[Check]]
    warehouse: WarehouseUse = Field(default_factory=WarehouseUse, description="How long anyone waits in Databricks")
    maintenance: str = Field("0 4 1 * *", description="Cron schedule (UTC) of the maintenance job, where there is one")

    @property
    def table_names(self) -> Iterator[tuple[Layer, str]]:
        """Layer and name of every table, bronze first."""
        for table in (*(source.bronze for source in self.sources), *self.tables):
            yield table.layer, table.name

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that it has tables in, in the order of the declaration."""
        return tuple(dict.fromkeys(layer for layer, _ in self.table_names))

    @property
    def receivers(self) -> tuple[str, ...]:
        """The domains that some of its tables are published to."""
        return tuple(dict.fromkeys(table.publish for table in self.tables if table.publish is not None))

    @property
    def landing_folders(self) -> Iterator[str]:
        """The folders, under the landing folder or volume, that it takes files from."""
        for source in self.sources:
            yield source.folder

    @model_validator(mode="after")
    def _check_tables(self) -> Self:
        names = tuple(f"{layer}.{name}" for layer, name in self.table_names)
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"{name} is declared twice")
        for table in self.tables:
            if table.rejects_of is not None and table.rejects_of not in names:
                raise ValueError(
                    f"tables: {table.table} has rejects_of: {table.rejects_of!r}, which is not one of the tables"
                    f"{nearest(table.rejects_of, names)}"
                )
        return self
