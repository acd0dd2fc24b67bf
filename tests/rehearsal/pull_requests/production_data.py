"""Two months of a small production, in the tables of both engines; and all of it told, to see whether it is touched."""

import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import snowflake_medallion
import yaml
from databricks_delta.lakehouse.table import Column, ColumnType, LakehouseTable
from platform_contract.databricks_names import DatabricksNames
from platform_contract.domain import Engine
from platform_contract.domains import domains_on
from platform_contract.layer import Layer
from platform_contract.snowflake_names import SnowflakeNames
from platform_runtime.lakehouse.columns import DecimalType
from snowflake_medallion.components.declared_medallions import declared_raw_tables
from snowflake_medallion.raw_table import RawTable

from tests.code_locations.databricks_delta.lakehouse_under_test import shipped_blueprint
from tests.deployments import PROD
from tests.rehearsal.databricks.client import connect
from tests.rehearsal.declared_account import DeclaredAccount

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace
    from tests.fakes.snowflake.server import SnowflakeServer

SNOWFLAKE = SnowflakeNames(PROD)
CATALOG = DatabricksNames(PROD).catalog
MONTHS = ("2018-09", "2018-10")
_ROWS = Path(__file__).with_name("production_rows.yaml")
_VALUES: dict[ColumnType | DecimalType, str] = {
    ColumnType.STRING: "'{month}'",
    ColumnType.BOOLEAN: "true",
    ColumnType.INT: "{number}",
    ColumnType.BIGINT: "{number}",
    ColumnType.DOUBLE: "{number}.5D",
    ColumnType.DATE: "DATE'{month}-01'",
    ColumnType.TIMESTAMP: "TIMESTAMP'{month}-01 06:00:00'",
}


def load_raw(server: "SnowflakeServer") -> None:
    """Put what the sources of every domain in Snowflake have sent into its raw tables."""
    rows = yaml.safe_load(_ROWS.read_text(encoding="utf-8"))
    for domain, tables in declared_raw_tables(Path(snowflake_medallion.__file__).parent):
        with server.engine.connect(SNOWFLAKE.raw_database, SNOWFLAKE.schema(domain, Layer.RAW)) as session:
            for table in tables:
                columns = ", ".join(f"{name} {kind}" for name, kind in table.column_types.items())
                session.cursor().execute(f"create table {table.name} ({columns})")
                for number, row in enumerate(rows[domain.name][table.name], start=1):
                    session.cursor().execute(f"insert into {table.name} values ({_loaded(table, row, number)})")


def _loaded(table: RawTable, row: list[str | float | None], number: int) -> str:
    values = (*row, f"{table.name}.csv", hashlib.sha256(table.name.encode()).hexdigest())
    at = "2019-09-01 04:00:00"
    written = ("null" if value is None else f"'{value}'" for value in values)
    return ", ".join([*written, str(number), f"'{at}'", f"'{at}'"])


def fill_weather(workspace: "Workspace") -> None:
    """A row of each month in every table of the lakehouse."""
    blueprint = shipped_blueprint()
    with connect(workspace, CATALOG) as client:
        for table in (blueprint.sources[0].bronze, *(one.table for one in blueprint.period_tables)):
            client.run(_create(table))
            rows = ", ".join(_row(table.columns, month, number) for number, month in enumerate(MONTHS, start=1))
            client.run(f"INSERT INTO {table.full_name} VALUES {rows}")


def _create(table: LakehouseTable) -> str:
    columns = ", ".join(f"{column.name} {column.type.value}" for column in table.columns)
    return f"CREATE TABLE {table.full_name} ({columns}) USING DELTA PARTITIONED BY (_month)"


def _row(columns: tuple[Column, ...], month: str, number: int) -> str:
    return f"({', '.join(_VALUES[column.type].format(month=month, number=number) for column in columns)})"


def warehouse_rows(server: "SnowflakeServer", names: SnowflakeNames) -> dict[str, list[Any]]:
    """Every row of every table that a deployment has in Snowflake, in one order, by the table."""
    account = DeclaredAccount(server.engine)
    rows: dict[str, list[Any]] = {}
    for domain, layer in itertools.product(domains_on(Engine.SNOWFLAKE), Layer):
        database, schema = names.database(layer), names.schema(domain, layer)
        for table in account.tables(database, schema):
            with _cursor(server, database, schema) as cursor:
                cursor.execute(f'select * from "{table}"')
                rows[f"{database}.{schema}.{table}"] = sorted(cursor.fetchall(), key=repr)
    return rows


def weather_files(workspace: "Workspace") -> dict[str, str]:
    """The digest of every file of production's catalog: data and logs of tables, and what lies in volumes."""
    folders = [workspace.unity.schema_folder(CATALOG, "any").parent, workspace.unity.volumes_root / CATALOG]
    return {str(file): _digest(file) for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()}


def digests(folder: Path) -> dict[str, str]:
    """The digest of every file in a folder."""
    return {str(file): _digest(file) for file in sorted(folder.rglob("*")) if file.is_file()}


@contextmanager
def _cursor(server: "SnowflakeServer", database: str, schema: str) -> Iterator[Any]:
    with server.engine.connect(database, schema) as session, session.cursor() as cursor:
        yield cursor


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
