from collections.abc import Iterator
from pathlib import Path

import duckdb
from deltalake import DeltaTable
from platform_contract.domain import Engine
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths

from tests.rehearsal.comparison.compared_table import ComparedTable, from_arrow
from tests.rehearsal.production.stored_objects import lines_of
from tests.rehearsal.production.table_names import LAKEHOUSE_PATTERN, OBJECTS, PATTERN_WAREHOUSES, places

_GOLD = Layer.GOLD.value


def demo_gold(paths: LocalPaths) -> dict[str, ComparedTable]:
    """Every gold table that the demo has built, whole, by its name."""
    lakehouses = {
        f"{place.domain}/{folder.name}": _delta(folder)
        for place in places(Engine.DATABRICKS, Layer.GOLD)
        for folder in sorted((paths.lakehouse / place.schema).iterdir())
    }
    warehouses = {
        f"{place.domain}/{name}": table
        for place in places(Engine.SNOWFLAKE, Layer.GOLD)
        for name, table in _duckdb_tables(paths.analytics_database, place.schema)
    }
    return {**lakehouses, **warehouses, **_patterns(paths.patterns)}


def _patterns(folder: Path) -> dict[str, ComparedTable]:
    delta = (folder / LAKEHOUSE_PATTERN).glob(f"{_GOLD}_*")
    return {
        **{
            f"{pattern}/{name}": table
            for pattern in PATTERN_WAREHOUSES
            for name, table in _duckdb_tables(folder / pattern / "warehouse.duckdb", _GOLD)
        },
        **{f"{LAKEHOUSE_PATTERN}/{table.name}": _delta(table) for table in sorted(delta)},
        OBJECTS: lines_of(_objects(folder / OBJECTS)),
    }


def _delta(folder: Path) -> ComparedTable:
    return from_arrow(DeltaTable(folder).to_pyarrow_table())


def _duckdb_tables(database: Path, schema: str) -> Iterator[tuple[str, ComparedTable]]:
    with duckdb.connect(database, read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = ? order by 1", [schema]
        ).fetchall()
        for (name,) in names:
            yield name, from_arrow(connection.table(f"{schema}.{name}").to_arrow_table())


def _objects(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.relative_to(folder).as_posix(), file.read_bytes()
