import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.databricks_sql.sql_error import no_such_catalog, schema_not_found, volume_not_found
from tests.fakes.databricks_sql.sql_text import quote_name

VOLUMES = "/Volumes"
_VOLUME_PATH = re.compile(r"(?:dbfs:)?/Volumes/([^/]+)/([^/]+)/([^/]+)(?:/(.*))?")


@dataclass(slots=True)
class Namespace:
    """Where a session resolves names that are not whole."""

    catalog: str | None
    schema: str | None


class UnityNames:
    """The catalogs, schemas and volumes that were declared, and what each is on this machine.

    Spark has one catalog, so `catalog.schema` is the Spark database `catalog__schema`; a volume is a folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._schemas: dict[str, set[str]] = {}
        self._volumes: set[tuple[str, str, str]] = set()
        self._lock = threading.RLock()

    @property
    def volumes_root(self) -> Path:
        """The folder that stands for `/Volumes`."""
        return self._root / "volumes"

    def schema_folder(self, catalog: str, schema: str) -> Path:
        """Where the managed tables of a schema are kept."""
        return self._root / "tables" / catalog / schema

    def declare_catalog(self, catalog: str) -> None:
        """Make a catalog without schemas known."""
        with self._lock:
            self._schemas.setdefault(catalog, set())

    def declare_schema(self, catalog: str, schema: str) -> None:
        """Make a schema of a declared catalog known."""
        with self._lock:
            self._schemas[self.require_catalog(catalog)].add(schema)

    def declare_volume(self, catalog: str, schema: str, volume: str) -> None:
        """Make a volume of a declared schema known, as an empty folder."""
        with self._lock:
            self.require_schema(catalog, schema)
            self._volumes.add((catalog, schema, volume))
            (self.volumes_root / catalog / schema / volume).mkdir(parents=True, exist_ok=True)

    def forget_catalog(self, catalog: str) -> None:
        """Make a catalog, and all in it, unknown."""
        with self._lock:
            self._schemas.pop(catalog, None)
            self._volumes = {known for known in self._volumes if known[0] != catalog}

    def forget_schema(self, catalog: str, schema: str) -> None:
        """Make a schema, and all in it, unknown."""
        with self._lock:
            self._schemas.get(catalog, set()).discard(schema)
            self._volumes = {known for known in self._volumes if known[:2] != (catalog, schema)}

    def forget_volume(self, catalog: str, schema: str, volume: str) -> None:
        """Make a volume unknown."""
        with self._lock:
            self._volumes.discard((catalog, schema, volume))

    def catalogs(self) -> list[str]:
        """Every declared catalog."""
        with self._lock:
            return sorted(self._schemas)

    def schemas(self, catalog: str) -> list[str]:
        """Every declared schema of a catalog; none of one that is not declared."""
        with self._lock:
            return sorted(self._schemas.get(catalog, ()))

    def volumes(self, catalog: str, schema: str) -> list[str]:
        """Every declared volume of a schema."""
        with self._lock:
            return sorted(name for *place, name in self._volumes if place == [catalog, schema])

    def has_catalog(self, catalog: str) -> bool:
        """Whether the catalog is declared."""
        with self._lock:
            return catalog.lower() in self._schemas

    def require_catalog(self, catalog: str) -> str:
        """The catalog as stored; raises SqlError when nobody declared it."""
        if not self.has_catalog(catalog):
            raise no_such_catalog(catalog)
        return catalog.lower()

    def require_schema(self, catalog: str | None, schema: str) -> tuple[str, str]:
        """The schema as stored; raises SqlError when nobody declared it, or when no catalog is named or in use."""
        if catalog is None:
            raise schema_not_found(quote_name(schema))
        stored = self.require_catalog(catalog)
        if schema.lower() not in self.schemas(stored):
            raise schema_not_found(f"{quote_name(catalog)}.{quote_name(schema)}")
        return stored, schema.lower()

    def spark_schema(self, parts: Sequence[str], namespace: Namespace) -> str:
        """The Spark database of `schema` or `catalog.schema`, quoted."""
        catalog, schema = (namespace.catalog, parts[0]) if len(parts) == 1 else parts
        return quote_name(spark_database(*self.require_schema(catalog, schema)))

    def spark_table(self, parts: Sequence[str], namespace: Namespace) -> str:
        """The Spark name of `schema.table` or `catalog.schema.table`, quoted."""
        *schema, table = parts
        return f"{self.spark_schema(schema, namespace)}.{quote_name(table)}"

    def local_path(self, path: str) -> Path | None:
        """The local file or folder of a path under `/Volumes`, None of any other path.

        Raises:
            SqlError: when nobody declared the volume.
        """
        matched = _VOLUME_PATH.fullmatch(path)
        if matched is None:
            return None
        catalog, schema, volume, rest = matched.groups()
        if volume not in self.volumes(catalog, schema):
            raise volume_not_found(".".join(map(quote_name, (catalog, schema, volume))))
        return self.volumes_root / catalog / schema / volume / (rest or "")

    def in_databricks_words(self, text: str) -> str:
        """A message or a description by Spark, with names and paths as Databricks would write them."""
        for catalog in self.catalogs():
            for schema in self.schemas(catalog):
                text = _restore_schema(text, catalog, schema)
        return re.sub(rf"file:/*{re.escape(str(self.volumes_root).lstrip('/'))}", f"dbfs:{VOLUMES}", text)


def spark_database(catalog: str, schema: str) -> str:
    """The Spark database that stands for a schema."""
    return f"{catalog}__{schema}"


def _restore_schema(text: str, catalog: str, schema: str) -> str:
    database = spark_database(catalog, schema)
    if text == database:
        return schema
    quoted = rf"(?:`spark_catalog`\.)?`{database}`"
    bare = rf"\b(?:spark_catalog\.)?{database}\b"
    text = re.sub(quoted, f"`{catalog}`.`{schema}`", text)
    return re.sub(bare, f"{catalog}.{schema}", text)
