import io
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from platform_runtime.files.file_format import ParquetFormat

from tests.infra.runtime.files.reading import refusal_of, rows_of, table_of

PARQUET = ParquetFormat(may_be_empty=False)
_LOCAL = datetime(2013, 1, 2, 3, 4, 5, 6)  # noqa: DTZ001 - a time without a zone
_NESTED = pa.struct({"a": pa.list_(pa.float64()), "b": pa.string()})


def written(columns: dict[str, pa.Array], **options: Any) -> bytes:  # noqa: ANN401 - pyarrow's own
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("value", "kind", "kept", "kept_kind"),
    [
        (7, pa.int8(), 7, "int64"),
        (2**64 - 1, pa.uint64(), Decimal(2**64 - 1), "decimal128(20, 0)"),
        (0.5, pa.float32(), 0.5, "double"),
        (Decimal("1.10"), pa.decimal128(12, 2), Decimal("1.10"), "decimal128(12, 2)"),
        (True, pa.bool_(), True, "bool"),
        ("Köln", pa.large_string(), "Köln", "string"),
        ("Köln", pa.dictionary(pa.int8(), pa.string()), "Köln", "string"),
        (b"\0\xff", pa.binary(2), b"\0\xff", "binary"),
        (date(2013, 1, 2), pa.date64(), date(2013, 1, 2), "date32[day]"),
        (time(1, 2, 3), pa.time64("us"), "01:02:03.000000", "string"),
        (_LOCAL, pa.timestamp("us"), _LOCAL, "timestamp[us]"),
        (
            datetime(2013, 1, 2, 3, tzinfo=timezone(timedelta(hours=-5))),
            pa.timestamp("ms", "America/New_York"),
            datetime(2013, 1, 2, 8, tzinfo=UTC),
            "timestamp[us, tz=UTC]",
        ),
        ({"a": [1.5, None], "b": "x"}, _NESTED, '{"a":[1.5,null],"b":"x"}', "string"),
        ([date(2013, 1, 2)], pa.list_(pa.date32()), '["2013-01-02"]', "string"),
    ],
)
def test_a_column_keeps_its_type_and_what_is_nested_is_json(
    value: object, kind: pa.DataType, kept: object, kept_kind: str
) -> None:
    content = written({"other": pa.array([1, 2]), "value": pa.array([value, None], kind)})
    table = table_of(io.BytesIO(content), "a.PARQUET", PARQUET, ("value", "other"))
    assert table.to_pylist() == [{"value": kept, "other": 1}, {"value": None, "other": 2}]
    assert str(table.schema.field("value").type) == kept_kind


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", "a.parquet: Parquet cannot be read"),
        (b"id,name\n1,a\n", "a.parquet: Parquet cannot be read"),
        (written({"id": pa.array([1])})[:-20], "a.parquet: Parquet cannot be read"),
        (written({"id": pa.array([], pa.int64())}), "a.parquet: the file has no row"),
        (written({"nr": pa.array([1])}), "a.parquet, its schema: column 'id' is missing; column number 1 is un"),
        (written({"id": pa.array([1], pa.duration("s"))}), "a.parquet, column 'id': has the type duration[s]"),
        (
            written({"id": pa.array([1], pa.timestamp("ns"))}),
            "column 'id': holds a value that timestamp[us] cannot keep",
        ),
        (written({"id": pa.array([[float("nan")]])}), "column 'id': holds within it a number that is none"),
    ],
)
def test_what_is_not_in_order_is_refused_with_a_fix(content: bytes, refusal: str) -> None:
    assert refusal in refusal_of(content, "a.parquet", PARQUET, ("id",))


def test_a_file_without_rows_is_taken_where_that_says_something() -> None:
    content = written({"id": pa.array([], pa.int32())})
    table = table_of(io.BytesIO(content), "a.parquet", ParquetFormat(may_be_empty=True), ("id",))
    assert (table.num_rows, str(table.schema.field("id").type)) == (0, "int64")


def test_a_damaged_page_is_refused_after_the_rows_before_it() -> None:
    content = bytearray(written({"id": pa.array(range(200_000))}, row_group_size=100_000, write_page_checksum=True))
    middle = pq.read_metadata(io.BytesIO(content)).row_group(1).column(0).dictionary_page_offset
    content[middle + 40 : middle + 60] = bytes(20)
    assert refusal_of(bytes(content), "a.parquet", PARQUET, ("id",)).startswith("a.parquet, after row 65536: Parquet c")


def test_rows_come_in_pieces_that_do_not_grow_with_the_file() -> None:
    wide = written({"id": pa.array(["x" * 100_000 + str(number) for number in range(200)])}, use_dictionary=False)
    assert len(rows_of(wide, "a.parquet", PARQUET, ("id",))) == 200
    batches = table_of(io.BytesIO(wide), "a.parquet", PARQUET, ("id",)).to_batches()
    assert max(batch.nbytes for batch in batches) < 8 << 20
