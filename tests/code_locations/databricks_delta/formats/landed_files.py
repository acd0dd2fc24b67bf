"""A lakehouse of three sources, one of each format, its files, and the bronze rows that they mean, written by hand."""

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

# `at` is a word of DuckDB's, and `order` and `end` are words of SQL.
DEFS = """
type: databricks_delta.components.LakehouseComponent
template_vars_module: platform_runtime.template_variables
attributes:
  demo_mode: "{{ demo_mode }}"
  domain: shapes
  partitioning: { granularity: month, start: "2024-01", end: "2024-04" }
  sources:
    - folder: shapes/csv
      files: "*.csv*"
      format: { delimiter: ";", quote: "'", encoding: windows-1252, null_tokens: ["n/a", ""], decimal_comma: [level] }
      key: [at, order]
      event_time: try_cast(at AS TIMESTAMP)
      columns: { at: Time in UTC, order: Name, level: Height in metres }
      bronze: { table: order, description: As they came, clustering: [at] }
    - folder: shapes/json
      files: "*.jsonl*"
      format: { type: json_lines }
      key: [at]
      event_time: try_cast(at AS TIMESTAMP)
      columns: { at: Time in UTC, order: What was ordered, end: Number }
      bronze: { table: json, description: As they came }
    - folder: shapes/parquet
      files: "*.parquet"
      format: { type: parquet }
      key: [at]
      event_time: at
      columns:
        at: { type: timestamp, description: Time }
        local: { type: timestamp_ntz, description: Time without a zone }
        price: { type: "decimal(12, 2)", description: Price }
        n: { type: bigint, description: Number }
        end: { type: date, description: Last day }
        raw: { type: binary, description: Bytes }
        order: What was ordered
      bronze: { table: parquet, description: As they came }
  tables:
    - table: silver.order
      sql: order.sql
      description: Levels
      clustering: [at]
      columns:
        at: { type: timestamp, description: Time in UTC }
        order: { type: string, description: Name }
        level: { type: double, description: Height in metres }
      checks:
        - { type: row_conservation }
        - { type: unique, columns: [at, order] }
        - { type: not_null, columns: [level, order] }
        - { type: accepted_range, column: level, min: -10 }
        - { type: freshness, column: at, within_days: 100000 }
        - { type: volume, history: 2, tolerance: 1000 }
    - table: silver.rejected
      sql: rejected.sql
      rejects_of: silver.order
      description: What is no level
"""
JUDGED = """SELECT *, CASE
    WHEN try_cast(at AS TIMESTAMP) IS NULL THEN 'no time'
    WHEN `order` IS NULL THEN 'no name'
    WHEN try_cast(level AS DOUBLE) IS NULL THEN 'no level'
  END AS _rejection_reason
  FROM bronze.order WHERE _month BETWEEN :first_month AND :last_month OR _month = 'unreadable'"""
SQL = {
    "order.sql": f"""
        SELECT try_cast(at AS TIMESTAMP) AS at, `order`, try_cast(level AS DOUBLE) AS level, _month
        FROM ({JUDGED}) AS judged WHERE _rejection_reason IS NULL
    """,
    "rejected.sql": f"SELECT * FROM ({JUDGED}) AS judged WHERE _rejection_reason IS NOT NULL",
}

CSV = (
    "order;at;level\r\n"
    "Zürich • €5;2024-01-31T23:30:00Z;-1,5\r\n"  # •, € and the quotes below have no place in ISO 8859-1
    "'two\nlines; it''s “one”';2024-02-01T00:00:00Z;1.250,5\r\n"
    "n/a;2024-02-01T01:00:00Z;2,0\r\n"
    "'n/a';;\r\n"
).encode("windows-1252")
CSV_ROWS = [
    {"at": "2024-01-31T23:30:00Z", "order": "Zürich • €5", "level": "-1.5", "_month": "2024-01"},
    # Comma and point change places: what is no number with a decimal comma becomes none with a point.
    {"at": "2024-02-01T00:00:00Z", "order": "two\nlines; it's “one”", "level": "1,250.5", "_month": "2024-02"},
    {"at": "2024-02-01T01:00:00Z", "order": None, "level": "2.0", "_month": "2024-02"},
    {"at": None, "order": None, "level": None, "_month": "unreadable"},
]
JSON = (
    '{"at": "2024-01-05T00:00:00Z", "order": {"a": [1, 2.50, null], "ü": true}, "end": 1.50}\n'
    '{"at": "2024-03-05T00:00:00Z", "order": null, "end": 12345678901234567890}\n'
    '{"end": "null", "order": []}\n'
).encode()
JSON_ROWS = [
    {"at": "2024-01-05T00:00:00Z", "order": '{"a":[1,2.50,null],"ü":true}', "end": "1.50", "_month": "2024-01"},
    {"at": "2024-03-05T00:00:00Z", "order": None, "end": "12345678901234567890", "_month": "2024-03"},
    {"at": None, "order": "[]", "end": "null", "_month": "unreadable"},
]
_NOTHING = {"at": None, "local": None, "price": None, "n": None, "end": None, "raw": None, "order": None}
PARQUET_ROWS = [
    {
        "at": datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC),
        "local": datetime(2024, 3, 1, 0, 59, 59),  # noqa: DTZ001 - it has none
        "price": Decimal("-12.30"),
        "n": 2**40,
        "end": date(2024, 3, 31),
        "raw": b"\x00\xff",
        "order": '[{"item":"ü","n":1},{"item":null,"n":null}]',
        "_month": "2024-02",
    },
    {**_NOTHING, "_month": "unreadable"},
]


def parquet() -> bytes:
    """Those rows, nested values as such."""
    first = {name: value for name, value in PARQUET_ROWS[0].items() if name != "_month"}
    rows: list[dict[str, Any]] = [{**first, "order": json.loads(str(first["order"]))}, _NOTHING]
    item = pa.struct([("item", pa.string()), ("n", pa.int32())])
    schema = pa.schema(
        {
            "order": pa.list_(item),
            "at": pa.timestamp("us", "Europe/Zurich"),
            "local": pa.timestamp("ms"),
            "price": pa.decimal128(12, 2),
            "n": pa.int64(),
            "end": pa.date32(),
            "raw": pa.binary(),
        }
    )
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), file)
    return file.getvalue()


WANTED = {"bronze.order": CSV_ROWS, "bronze.json": JSON_ROWS, "bronze.parquet": PARQUET_ROWS}
