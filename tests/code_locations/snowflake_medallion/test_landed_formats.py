import io
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from platform_contract.local_paths import LocalPaths
from platform_runtime.files.refusal import RefusedFilesError
from snowflake_medallion.raw_load import load_landed_files
from snowflake_medallion.raw_table import RawTable

from tests.code_locations.snowflake_medallion.landed_formats import FLIGHTS, ROWS, TABLES, land_formats
from tests.fakes.shop_tables import SHOP


def rows(paths: LocalPaths, table: RawTable) -> list[tuple[object, ...]]:
    with duckdb.connect(paths.raw_database, read_only=True) as connection:
        query = f"select {', '.join(table.columns)} from shop.{table.name} order by _source_row"
        return connection.execute(query).fetchall()


def test_every_format_is_loaded_once_and_parquet_keeps_its_types(paths: LocalPaths) -> None:
    land_formats(paths.landing / "shop")
    loads = load_landed_files(paths, SHOP, TABLES)
    assert {load.table.name: load.rows for load in loads} == {"tills": 2, "visits": 2, "flights": 2}
    assert {table.name: rows(paths, table) for table in TABLES} == ROWS
    again = load_landed_files(paths, SHOP, TABLES)
    assert [(load.rows_loaded, load.present) for load in again] == [(0, 1), (0, 1), (0, 1)]


def test_parquet_of_other_types_is_refused_by_its_column_and_nothing_of_it_is_loaded(paths: LocalPaths) -> None:
    land_formats(paths.landing / "shop")
    content = io.BytesIO()
    good = pq.read_table(paths.landing / "shop" / "flights" / "a.parquet")
    pq.write_table(good.set_column(good.schema.get_field_index("flight"), "flight", pa.array(["7", "x"])), content)
    Path(paths.landing / "shop" / "flights" / "b.parquet").write_bytes(content.getvalue())
    with pytest.raises(
        RefusedFilesError, match=r"flights/b.parquet, column 'flight': holds varchar where the table has"
    ):
        load_landed_files(paths, SHOP, TABLES)
    assert rows(paths, FLIGHTS) == ROWS["flights"]
