import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from platform_runtime.files.reader import read
from platform_runtime.files.refusal import RefusedFileError
from platform_runtime.files.row_stream import RowStream, stamped, take_rows

from tests.infra.runtime.files.reading import CSV

GOOD = b"id,name\n" + b"".join(b"%d,row\n" % number for number in range(400_000))
REFUSAL = r"^a.csv, row 400001 \(line 400002\): has 1 fields where the header has 2; quote or complete it$"


def batches(content: bytes) -> Iterator[pa.RecordBatch]:
    return read(io.BytesIO(content), "a.csv", hashlib.sha256(content).hexdigest(), CSV, ("id", "name"))


def test_duckdb_takes_all_rows_or_none() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table landed (id varchar, name varchar, file varchar, number bigint)")

        def insert(stream: RowStream) -> int:
            connection.register("stream", stream)
            connection.execute("insert into landed from stream")
            return stream.rows

        constants = {"file": pa.scalar("a.csv")}
        assert take_rows(stamped(batches(GOOD), constants, {"number": 1}), insert) == 400_000
        with pytest.raises(RefusedFileError, match=REFUSAL) as refused:
            take_rows(stamped(batches(GOOD + b"bad\n"), constants, {"number": 1}), insert)
        query = "select count(*), sum(number), count(*) filter (id::bigint + 1 = number), any_value(file) from landed"
        assert connection.sql(query).fetchall() == [(400_000, 80_000_200_000, 400_000, "a.csv")]
    # What the engine says of it may hold a value.
    assert not isinstance(refused.value.__context__, duckdb.Error)


def test_delta_takes_all_rows_or_none(tmp_path: Path) -> None:
    take_rows(batches(GOOD), lambda stream: write_deltalake(tmp_path, stream))
    with pytest.raises(RefusedFileError, match=REFUSAL):
        take_rows(batches(GOOD + b"bad\n"), lambda stream: write_deltalake(tmp_path, stream, mode="append"))
    table = DeltaTable(tmp_path)
    assert (table.version(), table.count()) == (0, 400_000)


def test_what_the_engine_itself_refuses_comes_as_it_is() -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.CatalogException):
        take_rows(batches(GOOD), lambda _: connection.execute("insert into nowhere values (1)"))
