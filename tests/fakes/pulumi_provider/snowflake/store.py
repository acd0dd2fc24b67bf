from abc import ABC, abstractmethod


class SnowflakeStore(ABC):
    """Where a fake account puts what holds data: databases, schemas and stages.

    Names arrive exactly as Snowflake would store them. Roles, grants, users and warehouses hold no data and stay in the
    account itself. A store may be shared with clients that make tables in it.
    """

    @abstractmethod
    def create_database(self, database: str, transient: bool) -> None:
        """Make an empty database, with its `PUBLIC` schema."""

    @abstractmethod
    def drop_database(self, database: str) -> None:
        """Remove a database and everything in it."""

    @abstractmethod
    def has_database(self, database: str) -> bool:
        """Whether the database exists."""

    @abstractmethod
    def create_schema(self, database: str, schema: str, transient: bool) -> None:
        """Make an empty schema."""

    @abstractmethod
    def drop_schema(self, database: str, schema: str) -> None:
        """Remove a schema and everything in it."""

    @abstractmethod
    def schemas(self, database: str) -> list[str]:
        """The schemas of a database, `INFORMATION_SCHEMA` apart."""

    @abstractmethod
    def create_stage(self, database: str, schema: str, stage: str) -> None:
        """Make an internal stage."""

    @abstractmethod
    def drop_stage(self, database: str, schema: str, stage: str) -> None:
        """Remove a stage and its files."""

    @abstractmethod
    def has_stage(self, database: str, schema: str, stage: str) -> bool:
        """Whether the stage exists."""

    @abstractmethod
    def tables(self, database: str, schema: str) -> list[str]:
        """The tables and views of a schema."""


class MemorySnowflakeStore(SnowflakeStore):
    """Databases that exist in name only; a test may plant tables in them."""

    def __init__(self) -> None:
        self._schemas: dict[str, dict[str, set[str]]] = {}
        self._stages: set[tuple[str, str, str]] = set()

    def create_database(self, database: str, transient: bool) -> None:
        self._schemas[database] = {"PUBLIC": set()}

    def drop_database(self, database: str) -> None:
        self._schemas.pop(database, None)
        self._stages = {stage for stage in self._stages if stage[0] != database}

    def has_database(self, database: str) -> bool:
        return database in self._schemas

    def databases(self) -> list[str]:
        """Every database, by name."""
        return sorted(self._schemas)

    def create_schema(self, database: str, schema: str, transient: bool) -> None:
        self._schemas[database][schema] = set()

    def drop_schema(self, database: str, schema: str) -> None:
        self._schemas.get(database, {}).pop(schema, None)
        self._stages = {stage for stage in self._stages if stage[:2] != (database, schema)}

    def schemas(self, database: str) -> list[str]:
        return sorted(self._schemas.get(database, {}))

    def create_stage(self, database: str, schema: str, stage: str) -> None:
        self._stages.add((database, schema, stage))

    def drop_stage(self, database: str, schema: str, stage: str) -> None:
        self._stages.discard((database, schema, stage))

    def has_stage(self, database: str, schema: str, stage: str) -> bool:
        return (database, schema, stage) in self._stages

    def tables(self, database: str, schema: str) -> list[str]:
        return sorted(self._schemas.get(database, {}).get(schema, ()))

    def plant_table(self, database: str, schema: str, table: str) -> None:
        """Make a table as a pipeline would."""
        self._schemas[database][schema].add(table)
