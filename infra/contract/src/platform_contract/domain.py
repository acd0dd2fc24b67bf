from dataclasses import dataclass
from enum import StrEnum

from platform_contract.layer import Layer


class Engine(StrEnum):
    """Where the tables of a domain are built."""

    SNOWFLAKE = "snowflake"
    DATABRICKS = "databricks"

    @property
    def code_location(self) -> str:
        """The code location that builds them, as `workspace.yaml` and `dagster_cloud.yaml` name it."""
        return "snowflake_medallion" if self is Engine.SNOWFLAKE else "databricks_delta"

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that a domain has there: files are loaded into tables before bronze in Snowflake alone."""
        return tuple(Layer) if self is Engine.SNOWFLAKE else (Layer.BRONZE, Layer.SILVER, Layer.GOLD)


@dataclass(frozen=True, slots=True)
class Domain:
    """A source's business area. Its name is the first part of its asset keys, landing folders and jobs.

    Attributes:
        name: in lower case, as in `[domains.<name>]`.
        engine: where its tables are built.
        owners: who answers for it, as Dagster knows them: an address, or `team:<name>`.
        schema_prefix: what its schemas of bronze, silver and gold begin with.
        marks: what `meta` may say of its columns, such as `pii`; marked values are masked wherever they would show.
    """

    name: str
    engine: Engine
    owners: tuple[str, ...]
    schema_prefix: str
    marks: tuple[str, ...]

    def schema(self, layer: Layer) -> str:
        """The schema of one of its layers, in lower case: its own name for raw tables, else `<prefix><layer>`."""
        return self.name if layer is Layer.RAW else f"{self.schema_prefix}{layer.value}"

    @property
    def places(self) -> tuple["Place", ...]:
        """Where its tables are, layer by layer."""
        return tuple(Place(self, layer) for layer in self.engine.layers)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Place:
    """One layer of one domain: a schema of its own on the domain's engine."""

    domain: Domain
    layer: Layer

    @property
    def schema(self) -> str:
        """The schema's name, in lower case."""
        return self.domain.schema(self.layer)

    def __str__(self) -> str:
        return f"{self.domain}/{self.layer}"
