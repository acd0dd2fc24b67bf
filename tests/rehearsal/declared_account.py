import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fakesnow.instance
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.transforms.stage import LOCAL_BUCKET_PATH

from tests.fakes.pulumi_provider.snowflake.store import SnowflakeStore


class DeclaredAccount(SnowflakeStore):
    """Makes in fakesnow what infrastructure declares: databases, schemas, stages.

    A client that names anything else is refused.
    """

    def __init__(self, engine: fakesnow.instance.FakeSnow) -> None:
        self._engine = engine

    def create_database(self, database: str, transient: bool) -> None:
        self._run(f"CREATE {'TRANSIENT ' * transient}DATABASE {_quoted(database)}")
        self.create_schema(database, "PUBLIC", transient)

    def drop_database(self, database: str) -> None:
        if not self.has_database(database):
            return
        for schema in self.schemas(database):
            self.drop_schema(database, schema)
        # fakesnow has no DROP DATABASE; each one is a database that its DuckDB has attached.
        self._engine.duck_conn.execute(f"DETACH {_quoted(database)}")

    def has_database(self, database: str) -> bool:
        return database in self._names("SHOW DATABASES")

    def create_schema(self, database: str, schema: str, transient: bool) -> None:
        self._run(f"CREATE {'TRANSIENT ' * transient}SCHEMA {_quoted(database, schema)}")

    def drop_schema(self, database: str, schema: str) -> None:
        for stage in self._stages(database, schema):
            self.drop_stage(database, schema, stage)
        self._run(f"DROP SCHEMA IF EXISTS {_quoted(database, schema)}")

    def schemas(self, database: str) -> list[str]:
        if not self.has_database(database):
            return []
        return [
            name
            for name in self._names(f"SHOW SCHEMAS IN DATABASE {_quoted(database)}")
            if "INFORMATION_SCHEMA" not in name.upper()
        ]

    def create_stage(self, database: str, schema: str, stage: str) -> None:
        self._run(f"CREATE STAGE {_quoted(database, schema, stage)}")

    def drop_stage(self, database: str, schema: str, stage: str) -> None:
        # fakesnow has no DROP STAGE: a stage is a row of its own table, and a folder.
        self._engine.duck_conn.execute(
            "DELETE FROM _fs_global._fs_information_schema._fs_stages"
            " WHERE (database_name, schema_name, name) = (?, ?, ?)",
            [database, schema, stage],
        )
        shutil.rmtree(Path(LOCAL_BUCKET_PATH) / database / schema / stage, ignore_errors=True)

    def has_stage(self, database: str, schema: str, stage: str) -> bool:
        return stage in self._stages(database, schema)

    def tables(self, database: str, schema: str) -> list[str]:
        if schema not in self.schemas(database):
            return []
        return self._names(f"SHOW OBJECTS IN SCHEMA {_quoted(database, schema)}")

    def _stages(self, database: str, schema: str) -> list[str]:
        return self._names(f"SHOW STAGES IN SCHEMA {_quoted(database, schema)}")

    def _run(self, sql: str) -> None:
        with self._session() as cursor:
            cursor.execute(sql)

    def _names(self, sql: str) -> list[str]:
        with self._session() as cursor:
            cursor.execute(sql)
            at = [column.name for column in cursor.description].index("name")
            return sorted(row[at] for row in cursor.fetchall())

    @contextmanager
    def _session(self) -> Iterator[FakeSnowflakeCursor]:
        # A new one each time: a session moves into what it creates, and is lost when that is dropped.
        with self._engine.connect(None, None) as connection, connection.cursor() as cursor:
            yield cursor


def _quoted(*names: str) -> str:
    return ".".join(f'"{name}"' for name in names)
