from abc import ABC, abstractmethod


class LakehouseStore(ABC):
    """Where a fake account puts what holds data: catalogs, schemas and volumes.

    Names arrive in lower case, as Unity Catalog stores them. A store may be shared with clients that make tables in it.
    """

    @abstractmethod
    def create_catalog(self, catalog: str, storage_root: str | None) -> None:
        """Make an empty catalog, its tables under `storage_root`."""

    @abstractmethod
    def drop_catalog(self, catalog: str) -> None:
        """Remove a catalog and everything in it."""

    @abstractmethod
    def has_catalog(self, catalog: str) -> bool:
        """Whether the catalog exists."""

    @abstractmethod
    def create_schema(self, catalog: str, schema: str) -> None:
        """Make an empty schema."""

    @abstractmethod
    def drop_schema(self, catalog: str, schema: str) -> None:
        """Remove a schema and everything in it."""

    @abstractmethod
    def schemas(self, catalog: str) -> list[str]:
        """The schemas of a catalog, `information_schema` apart."""

    @abstractmethod
    def create_volume(self, catalog: str, schema: str, volume: str) -> None:
        """Make an empty volume."""

    @abstractmethod
    def drop_volume(self, catalog: str, schema: str, volume: str) -> None:
        """Remove a volume and its files."""

    @abstractmethod
    def volumes(self, catalog: str, schema: str) -> list[str]:
        """The volumes of a schema."""

    @abstractmethod
    def tables(self, catalog: str, schema: str) -> list[str]:
        """The tables and views of a schema."""


class MemoryLakehouseStore(LakehouseStore):
    """Catalogs that exist in name only; a test may plant tables in them."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, set[str]]] = {}
        self._volumes: set[tuple[str, str, str]] = set()

    def create_catalog(self, catalog: str, storage_root: str | None) -> None:
        self._tables[catalog] = {}

    def drop_catalog(self, catalog: str) -> None:
        self._tables.pop(catalog, None)
        self._volumes = {volume for volume in self._volumes if volume[0] != catalog}

    def has_catalog(self, catalog: str) -> bool:
        return catalog in self._tables

    def catalogs(self) -> list[str]:
        """Every catalog, by name."""
        return sorted(self._tables)

    def create_schema(self, catalog: str, schema: str) -> None:
        self._tables[catalog][schema] = set()

    def drop_schema(self, catalog: str, schema: str) -> None:
        self._tables.get(catalog, {}).pop(schema, None)
        self._volumes = {volume for volume in self._volumes if volume[:2] != (catalog, schema)}

    def schemas(self, catalog: str) -> list[str]:
        return sorted(self._tables.get(catalog, {}))

    def create_volume(self, catalog: str, schema: str, volume: str) -> None:
        self._volumes.add((catalog, schema, volume))

    def drop_volume(self, catalog: str, schema: str, volume: str) -> None:
        self._volumes.discard((catalog, schema, volume))

    def volumes(self, catalog: str, schema: str) -> list[str]:
        return sorted(name for *place, name in self._volumes if place == [catalog, schema])

    def tables(self, catalog: str, schema: str) -> list[str]:
        return sorted(self._tables.get(catalog, {}).get(schema, ()))

    def plant_table(self, catalog: str, schema: str, table: str) -> None:
        """Make a table as a pipeline would."""
        self._tables[catalog][schema].add(table)
