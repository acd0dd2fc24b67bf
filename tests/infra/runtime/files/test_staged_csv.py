import csv
import gzip
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from platform_runtime.files.staged_csv import write_staged

MOMENT = datetime(2013, 1, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_text_stands_within_quotes_and_null_is_an_empty_field(tmp_path: Path) -> None:
    text = pa.array(['say "yes"', "", None, "a,\r\nb\\N", "NULL"])
    rows = pa.RecordBatch.from_arrays(
        [
            text,
            pa.array([1, None, -3, 0, 7]),
            pa.array([0.1, 1e300, None, float("nan"), -0.0]),
            pa.array([b"\0\xff", None, b"", b"", b""]),
            pa.array([MOMENT] * 5, pa.timestamp("us", "UTC")),
        ],
        names=["text", "number", "double", "bytes", "moment"],
    )
    path = tmp_path / "a.csv.gz"
    assert write_staged(iter([rows, rows]), path) == 10
    written = gzip.decompress(path.read_bytes()).decode()
    assert written.splitlines()[0] == '"text","number","double","bytes","moment"'
    assert '\n,"-3",,"","2013-01-02 03:04:05.000006Z"\n' in written
    parsed = list(csv.reader(written.splitlines(keepends=True), strict=True))
    assert [row[0] for row in parsed[1:6]] == ['say "yes"', "", "", "a,\r\nb\\N", "NULL"]
    assert parsed[1][1:4] == ["1", "0.1", "00ff"]
    assert float(parsed[2][2]) == 1e300


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows = pa.RecordBatch.from_arrays([pa.array(["a", "b"])], names=["id"])
    for name in ("a.csv.gz", "b.csv.gz"):
        write_staged(iter([rows]), tmp_path / name)
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()
