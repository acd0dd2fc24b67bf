import gzip
from pathlib import Path

import duckdb
import pytest
from architecture_patterns.landing.duckdb_reader import read_landed_file
from architecture_patterns.landing.landed_file import LandedFile, LandedFileError


def test_values_stay_text_in_the_expected_order_with_their_origin(tmp_path: Path) -> None:
    (tmp_path / "it's.csv").write_bytes(b'name,id\n"Bo, jr",007\nNA,\n')
    file = LandedFile(tmp_path / "it's.csv")
    with duckdb.connect() as connection:
        read_landed_file(connection, file, ("id", "name"))
        rows = connection.sql("select * exclude (_loaded_at) from landed").fetchall()
        loaded_at = connection.sql("select distinct typeof(_loaded_at) from landed").fetchall()
    assert rows == [("007", "Bo, jr", "it's.csv", 2, file.sha256), (None, "NA", "it's.csv", 3, file.sha256)]
    assert loaded_at == [("TIMESTAMP",)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("ragged.csv", b"id,name\n1,x\n2\n", "Line: 3"),
        ("latin.csv", "id,name\n1,Zoë\n".encode("latin-1"), "Line: 2"),
        ("truncated.csv.gz", gzip.compress(b"id,name\n" + b"1,x\n" * 9000, mtime=0)[:-12], "have it sent again"),
        ("renamed.csv", b"id,nom\n1,x\n", "missing: ['name'], unexpected: ['nom']"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_fault(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with duckdb.connect() as connection, pytest.raises(LandedFileError) as refused:
        read_landed_file(connection, LandedFile(tmp_path / name), ("id", "name"))
    assert str(tmp_path / name) in str(refused.value)
    assert message in str(refused.value)
