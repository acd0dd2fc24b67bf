import gzip
import hashlib
from pathlib import Path

import pytest
from architecture_patterns.landing.landed_file import LandedFile, LandedFileError, SourceRow

COLUMNS = ("id", "name")


def put(folder: Path, name: str, content: bytes) -> LandedFile:
    (folder / name).write_bytes(content)
    return LandedFile(folder / name)


def test_rows_carry_their_file_and_line(tmp_path: Path) -> None:
    file = put(tmp_path, "a.csv", b'name,id\nAnn,1\n"Bo, jr",2\n')
    assert list(file.rows(COLUMNS)) == [
        SourceRow("a.csv", 2, {"name": "Ann", "id": "1"}),
        SourceRow("a.csv", 3, {"name": "Bo, jr", "id": "2"}),
    ]


def test_a_gzipped_file_reads_the_same_and_its_hash_is_that_of_its_bytes(tmp_path: Path) -> None:
    packed = gzip.compress("id,name\n1,Zoë\n".encode())
    file = put(tmp_path, "a.csv.gz", packed)
    assert [row.values["name"] for row in file.rows(COLUMNS)] == ["Zoë"]
    assert file.sha256 == hashlib.sha256(packed).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "its header is []"),
        ("missing.csv", b"id\n1\n", "missing: ['name'], unexpected: []"),
        ("renamed.csv", b"id,nom\n1,x\n", "missing: ['name'], unexpected: ['nom']"),
        ("extra.csv", b"id,name,age\n1,x,3\n", "missing: [], unexpected: ['age']"),
        ("twice.csv", b"id,name,name\n1,x,y\n", "its header is ['id', 'name', 'name']"),
        ("short.csv", b"id,name\n1,x\n2\n", "line 3: 1 fields where the header has 2"),
        ("latin.csv", "id,name\n1,Zoë\n".encode("latin-1"), "line 2: not UTF-8: have the file sent again"),
        ("truncated.csv.gz", gzip.compress(b"id,name\n" + b"1,x\n" * 9000, mtime=0)[:-12], "cannot be read to its end"),
        ("plain.csv.gz", b"id,name\n1,x\n", "cannot be read to its end"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_fault(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    file = put(tmp_path, name, content)
    with pytest.raises(LandedFileError) as refused:
        list(file.rows(COLUMNS))
    assert str(file.path) in str(refused.value)
    assert message in str(refused.value)
