from collections.abc import Iterator
from typing import Self, override

from platform_contract.domain import Engine
from platform_contract.layer import Layer
from pydantic import Field, model_validator

from platform_runtime.declared_schema import TEMPLATED_DEMO_MODE, JsonSchema, domain_of
from platform_runtime.lakehouse.declaration import Declaration, nearest
from platform_runtime.lakehouse.partitioning import Partitioning
from platform_runtime.lakehouse.source import Source
from platform_runtime.lakehouse.tables import ComputedTable
from platform_runtime.lakehouse.warehouse_use import WarehouseUse


class LakehouseDeclaration[Check](Declaration):
    """A lakehouse: files that arrive, the bronze tables that keep them, and the tables computed from those.

    The location reads `Check` as the checks that it makes; who makes none reads them as they stand.
    """

    demo_mode: bool | str = Field(
        description="On this machine (true) or in Databricks (false)", examples=["{{ demo_mode }}"]
    )
    domain: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        description="Domain of the platform: first part of every asset key, of its places",
        examples=["tides"],
    )
    owners: list[str] = Field([], description="team:<name> or an address", examples=[["team:data-platform"]])
    tags: dict[str, str] = Field({}, description="Tags of every asset", examples=[{"source": "noaa_asos"}])
    partitioning: Partitioning = Field(
        description="The periods that silver and gold are kept by",
        examples=[{"granularity": "day", "start": "2026-01-01"}],
    )
    parameters: dict[str, int | float | str] = Field(
        {}, description="Value of each :name that SQL may use", examples=[{"max_wind_ms": 113}]
    )
    shared: dict[str, str] = Field(
        {},
        description="SELECTs that others read by name: file by name",
        examples=[{"readings_judged": "readings_judged.sql"}],
    )
    sources: list[Source[Check]] = Field(
        min_length=1,
        description="Files that land, each kind with its bronze table",
        examples=[
            [
                {
                    "folder": "tides",
                    "files": "*.csv.gz",
                    "key": ["station"],
                    "columns": {"station": "Station, by the code of its airport"},
                    "bronze": {"table": "tide_levels", "description": "Every row, as it came."},
                }
            ]
        ],
    )
    tables: list[ComputedTable[Check]] = Field(
        description="What is computed of them, each by one SELECT",
        examples=[
            [
                {
                    "table": "silver.stations",
                    "sql": "stations.sql",
                    "description": "The stations, as they are now.",
                    "dimension": "replaced",
                    "columns": {"station": {"type": "string", "description": "Code of its airport"}},
                }
            ]
        ],
    )
    warehouse: WarehouseUse = Field(
        default_factory=WarehouseUse,
        description="How long anyone waits in Databricks",
        examples=[{"statement_timeout_seconds": 600}],
    )
    maintenance: str = Field(
        "0 4 1 * *",
        description="Cron schedule (UTC) of the maintenance job, where there is one",
        examples=["0 4 1 * *"],
    )

    @classmethod
    @override
    def schema_rules(cls) -> list[JsonSchema]:
        return [domain_of(Engine.DATABRICKS), TEMPLATED_DEMO_MODE]

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
