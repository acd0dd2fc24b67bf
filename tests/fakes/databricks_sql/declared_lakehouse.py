import shutil
import uuid

from tests.fakes.databricks_sql.engine_session import EngineSession
from tests.fakes.databricks_sql.sql_text import quote_name, quote_text
from tests.fakes.databricks_sql.unity_names import UnityNames, spark_database
from tests.fakes.pulumi_provider.databricks.store import LakehouseStore


class DeclaredLakehouse(LakehouseStore):
    """Makes in the engine, and among the names that clients may use, what infrastructure declares."""

    def __init__(self, unity: UnityNames, engine: EngineSession) -> None:
        self._unity = unity
        self._engine = engine

    def create_catalog(self, catalog: str, storage_root: str | None) -> None:
        # The storage root is a place in a cloud; here a catalog has a folder of its own anyway.
        self._unity.declare_catalog(catalog)

    def drop_catalog(self, catalog: str) -> None:
        for schema in self._unity.schemas(catalog):
            self.drop_schema(catalog, schema)
        self._unity.forget_catalog(catalog)

    def has_catalog(self, catalog: str) -> bool:
        return self._unity.has_catalog(catalog)

    def create_schema(self, catalog: str, schema: str) -> None:
        folder = self._unity.schema_folder(catalog, schema)
        self._run(f"CREATE DATABASE {_database(catalog, schema)} LOCATION {quote_text(str(folder))}")
        self._unity.declare_schema(catalog, schema)

    def drop_schema(self, catalog: str, schema: str) -> None:
        for volume in self.volumes(catalog, schema):
            self.drop_volume(catalog, schema, volume)
        self._unity.forget_schema(catalog, schema)
        self._run(f"DROP DATABASE IF EXISTS {_database(catalog, schema)} CASCADE")
        shutil.rmtree(self._unity.schema_folder(catalog, schema), ignore_errors=True)

    def schemas(self, catalog: str) -> list[str]:
        return self._unity.schemas(catalog)

    def create_volume(self, catalog: str, schema: str, volume: str) -> None:
        self._unity.declare_volume(catalog, schema, volume)

    def drop_volume(self, catalog: str, schema: str, volume: str) -> None:
        self._unity.forget_volume(catalog, schema, volume)
        shutil.rmtree(self._unity.volumes_root / catalog / schema / volume, ignore_errors=True)

    def volumes(self, catalog: str, schema: str) -> list[str]:
        return self._unity.volumes(catalog, schema)

    def tables(self, catalog: str, schema: str) -> list[str]:
        if schema not in self._unity.schemas(catalog):
            return []
        found = self._engine.run(f"SHOW TABLES IN {_database(catalog, schema)}", uuid.uuid4().hex)
        return sorted(found.rows.column("tableName").to_pylist())

    def _run(self, sql: str) -> None:
        self._engine.run(sql, uuid.uuid4().hex)


def _database(catalog: str, schema: str) -> str:
    return quote_name(spark_database(catalog, schema))
