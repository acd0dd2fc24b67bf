"""Files of every format that land for raw tables, and the rows that any store holds of them."""

import gzip
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from platform_runtime.files.file_format import CsvFormat, JsonLinesFormat, ParquetFormat
from snowflake_medallion.raw_table import RawTable, Versions

from tests.fakes.shop_tables import SHOP

MOMENT = datetime(2013, 1, 1, 6, 30, 15, 250_000, tzinfo=UTC)
TILLS = RawTable(
    SHOP,
    "tills",
    "tills",
    ("id", "name", "price"),
    ("id",),
    CsvFormat(";", '"', "windows-1252", ("", "-"), ()),
    {},
    Versions.ALL,
    None,
)
VISITS = RawTable(SHOP, "visits", "visits", ("id", "path", "seen"), ("id",), JsonLinesFormat(), {}, Versions.ALL, None)
FLIGHTS = RawTable(
    domain=SHOP,
    name="flights",
    folder="flights",
    columns=("carrier", "flight", "delay", "late", "day", "left_at", "price", "stops"),
    key=("carrier",),
    format=ParquetFormat(may_be_empty=False),
    types={
        "flight": "bigint",
        "delay": "double",
        "late": "boolean",
        "day": "date",
        "left_at": "datetime",
        "price": "decimal(12, 2)",
    },
    versions=Versions.ALL,
    published_from=None,
)
TABLES = (TILLS, VISITS, FLIGHTS)

ROWS = {
    "tills": [("1", "Köln; Süd", "3,50"), ("2", None, None)],
    "visits": [("1", '{"a":[1.10,null]}', "true"), ("2", "/\n", None)],
    "flights": [
        ("AA", 7, 0.1, True, date(2013, 1, 1), MOMENT.replace(tzinfo=None), Decimal("1.10"), '["JFK","LAX"]'),
        ("UA", -8, None, None, None, None, None, None),
    ],
}
"""What each table holds of its file, by the order of its columns."""


def land_formats(landing: Path) -> None:
    """Land a file for each of the tables in the folder of the domain."""
    for name, content in _files().items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _files() -> dict[str, bytes]:
    tills = 'price;id;name\n3,50;1;"Köln; Süd"\n-;2;\n'
    visits = '{"id": 1, "path": {"a": [1.10, null]}, "seen": true}\n{"path": "/\\n", "id": "2"}\n'
    columns = {
        "left_at": pa.array([MOMENT, None], pa.timestamp("ms", "UTC")),
        "carrier": pa.array(["AA", "UA"]),
        "flight": pa.array([7, -8], pa.int16()),
        "delay": pa.array([0.1, None]),
        "late": pa.array([True, None]),
        "day": pa.array([date(2013, 1, 1), None]),
        "price": pa.array([Decimal("1.10"), None], pa.decimal128(12, 2)),
        "stops": pa.array([["JFK", "LAX"], None]),
    }
    flights = io.BytesIO()
    pq.write_table(pa.table(columns), flights)
    return {
        "tills/a.csv": tills.encode("cp1252"),
        "visits/2013/a.jsonl.gz": gzip.compress(visits.encode()),
        "flights/a.parquet": flights.getvalue(),
    }
