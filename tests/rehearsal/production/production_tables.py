from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from deltalake import DeltaTable
from platform_contract.databricks_names import DatabricksNames
from platform_contract.domain import Domain, Engine, Place
from platform_contract.domains import places_on
from platform_contract.layer import Layer
from platform_contract.snowflake_names import SnowflakeNames

from tests.rehearsal.comparison.compared_table import Column, ComparedTable, Kind, from_arrow, number_column
from tests.rehearsal.production.stored_objects import lines_of
from tests.rehearsal.production.table_names import LAKEHOUSE_PATTERN, OBJECTS, PATTERN_WAREHOUSES, places

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

    from tests.rehearsal.databricks.client import Client

_DATABRICKS_KINDS = {
    "bigint": Kind.INTEGER,
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "double": Kind.DOUBLE,
    "int": Kind.INTEGER,
    "string": Kind.TEXT,
    "timestamp": Kind.INSTANT,
}
_SNOWFLAKE_KINDS = {
    "BOOLEAN": Kind.BOOLEAN,
    "DATE": Kind.DATE,
    "REAL": Kind.DOUBLE,
    "TEXT": Kind.TEXT,
    "TIMESTAMP_LTZ": Kind.INSTANT,
    "TIMESTAMP_NTZ": Kind.WALL_CLOCK,
    "TIMESTAMP_TZ": Kind.INSTANT,
}


class LakehouseTables:
    """The tables of the deployment's catalog, as a SQL client sees them."""

    def __init__(self, client: "Client", names: DatabricksNames) -> None:
        self._client = client
        self._of = names

    def gold(self) -> dict[str, ComparedTable]:
        """Every gold table, whole, by its name."""
        return {
            f"{place.domain}/{name}": self._whole(f"{place.schema}.{name}")
            for place in places(Engine.DATABRICKS, Layer.GOLD)
            for name in self._names(place)
        }

    def counts(self) -> dict[str, int]:
        """Rows of every table."""
        return {name: int(self._client.value(f"SELECT count(*) FROM {name}")) for name in self.names()}

    def versions(self) -> dict[str, int]:
        """Newest Delta version of every table."""
        histories = {name: self._client.run(f"DESCRIBE HISTORY {name} LIMIT 1") for name in self.names()}
        return {name: int(history[0][0]) for name, history in histories.items()}

    def names(self) -> list[str]:
        """Every table, `<schema>.<table>`."""
        return [f"{place.schema}.{name}" for place in places_on(Engine.DATABRICKS) for name in self._names(place)]

    def drop(self) -> None:
        """Take every table away, as whoever takes the deployment away must first."""
        for name in self.names():
            self._client.run(f"DROP TABLE {name}")

    def _names(self, place: Place) -> list[str]:
        return sorted(str(row[1]) for row in self._client.run(f"SHOW TABLES IN {self._of.schema(place.schema)}"))

    def _whole(self, name: str) -> ComparedTable:
        with self._client.connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {name}")
            columns = tuple(_databricks_column(*described) for described in cursor.description)
            return ComparedTable(columns, [tuple(map(_in_utc, row)) for row in cursor.fetchall()])


class AccountTables:
    """The tables of the deployment's databases, as a Snowflake client sees them."""

    def __init__(self, connection: "SnowflakeConnection", names: SnowflakeNames) -> None:
        self._connection = connection
        self._of = names

    def gold(self) -> dict[str, ComparedTable]:
        """Every gold table, whole, by its name."""
        return {
            _asset(place.domain, name): self._whole(qualified)
            for place in places(Engine.SNOWFLAKE, Layer.GOLD)
            for qualified, name in self._objects(place)
        }

    def counts(self) -> dict[str, int]:
        """Rows of every table."""
        return {name: int(self._run(f"SELECT count(*) FROM {name}")[0][0]) for name in self.names()}

    def names(self) -> list[str]:
        """Every table, `<database>.<schema>.<table>`."""
        return [
            qualified
            for layer in Layer
            for place in places(Engine.SNOWFLAKE, layer)
            for qualified, _ in self._objects(place)
        ]

    def drop(self, layer: Layer) -> None:
        """Take a layer's tables away, as the role that owns them must before anybody takes the deployment away."""
        for place in places(Engine.SNOWFLAKE, layer):
            for name, _ in list(self._objects(place)):
                self._run(f"DROP TABLE {name}")

    def _objects(self, place: Place) -> Iterator[tuple[str, str]]:
        schema = f"{self._of.database(place.layer)}.{self._of.schema(place.domain, place.layer)}"
        with self._connection.cursor() as cursor:
            cursor.execute(f"SHOW OBJECTS IN SCHEMA {schema}")
            at = [column.name for column in cursor.description].index("name")
            names = sorted(str(row[at]) for row in cursor.fetchall())
        for name in names:
            yield f"{schema}.{name}", name

    def _whole(self, qualified: str) -> ComparedTable:
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {qualified}")
            columns = tuple(_snowflake_column(column) for column in cursor.description)
            return ComparedTable(columns, [tuple(map(_in_utc, row)) for row in cursor.fetchall()])

    def _run(self, sql: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()


def object_storage_gold(uri: str) -> dict[str, ComparedTable]:
    """What the patterns keep in object storage, in the deployment's folder for them, by its name."""
    from pyarrow import fs

    storage, root = fs.FileSystem.from_uri(uri)
    found = storage.get_file_info(fs.FileSelector(f"{root}/{LAKEHOUSE_PATTERN}"))
    gold = sorted(info.base_name for info in found if info.base_name.startswith(f"{Layer.GOLD}_"))
    tables = {name: DeltaTable(f"{uri}/{LAKEHOUSE_PATTERN}/{name}") for name in gold}
    objects = storage.get_file_info(fs.FileSelector(f"{root}/{OBJECTS}", recursive=True))
    contents = (
        (info.path.removeprefix(f"{root}/{OBJECTS}/"), storage.open_input_stream(info.path, compression=None).read())
        for info in objects
        if info.type is fs.FileType.File
    )
    return {
        **{f"{LAKEHOUSE_PATTERN}/{name}": from_arrow(table.to_pyarrow_table()) for name, table in tables.items()},
        OBJECTS: lines_of(contents),
    }


def _asset(domain: Domain, table: str) -> str:
    name = table.lower()
    for pattern in PATTERN_WAREHOUSES:
        if name.startswith(f"{pattern}_"):
            return f"{pattern}/{name.removeprefix(f'{pattern}_')}"
    return f"{domain}/{name}"


def _databricks_column(name: str, kind: str, *described: Any) -> Column:
    if kind == "decimal":
        return number_column(name, described[-2])
    return Column(name, _DATABRICKS_KINDS[kind], 0)


def _snowflake_column(described: Any) -> Column:
    from snowflake.connector.constants import FIELD_ID_TO_NAME

    kind = FIELD_ID_TO_NAME[described.type_code]
    # Snowflake stores a name that nobody quotes in upper case.
    name = described.name.lower()
    return number_column(name, described.scale) if kind == "FIXED" else Column(name, _SNOWFLAKE_KINDS[kind], 0)


def _in_utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value
