import gzip
from pathlib import Path

import pytest
from snowflake_medallion.csv_rows import read_rows
from snowflake_medallion.refused_file import RefusedFileError

from tests.fakes.shop_tables import STORES

TABLE = STORES
HEADER = "id,name,opened_at,tax_rate\n"


def file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(RefusedFileError) as refused:
        read_rows(path, TABLE)
    return str(refused.value)


def test_rows_come_as_they_are_in_the_order_of_the_table(tmp_path: Path) -> None:
    content = 'name,id,tax_rate,opened_at\r\n" Köln, West ",s1,0.07,\r\n\r\n"two\nlines",s2,,soon\r\n'
    expected = [["s1", " Köln, West ", "", "0.07"], ["s2", "two\nlines", "soon", ""]]
    assert read_rows(file(tmp_path, "a.csv", content.encode()), TABLE) == expected
    assert read_rows(file(tmp_path, "b.csv", content.encode("utf-8-sig")), TABLE) == expected
    assert read_rows(file(tmp_path, "c.csv.gz", gzip.compress(content.encode())), TABLE) == expected


def test_a_header_alone_is_a_file_without_rows(tmp_path: Path) -> None:
    assert read_rows(file(tmp_path, "a.csv", HEADER.encode()), TABLE) == []


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("id,name,opened_at", "column 'tax_rate' is missing"),
        ("id,name,opened_at,taxrate", "column number 4 is unexpected, was 'tax_rate' renamed?"),
        ("id,name,opened_at,tax_rate,manager", "column number 5 is unexpected; "),
        ("id,name,opened_at,tax_rate,name", "column 'name' is there twice"),
        # No header, but a row: none of its values is repeated.
        ("s1,Rome,soon,0.1", "column number 2 is unexpected; column number 3"),
    ],
)
def test_another_header_is_refused_by_column(tmp_path: Path, header: str, reason: str) -> None:
    message = refusal(file(tmp_path, "a.csv", f"{header}\n".encode()))
    assert reason in message
    assert message.endswith("send it with exactly the columns id, name, opened_at, tax_rate")


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(file(tmp_path, name, b"")) == "the file is empty; send it again with its header and rows"


def test_a_truncated_gzip_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress((HEADER + "s1,Rome,soon,0.1\n" * 100).encode())
    assert refusal(file(tmp_path, "a.csv.gz", whole[:-9])) == "the gzip is truncated; send the file again"


@pytest.mark.parametrize("content", [HEADER.encode(), b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + b"\xff" * 40])
def test_what_is_no_gzip_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(file(tmp_path, "a.csv.gz", content)).startswith("the gzip is damaged (")


def test_another_encoding_is_refused_by_line(tmp_path: Path) -> None:
    content = f"{HEADER}s1,Rome,soon,0.1\ns2,Köln,soon,0.1\n".encode("latin-1")
    assert refusal(file(tmp_path, "a.csv", content)) == "line 3 is not UTF-8 (byte 0xf6); save the file as UTF-8"


def test_a_row_of_another_width_is_refused_by_number(tmp_path: Path) -> None:
    content = f"{HEADER}s1,Rome,soon,0.1\ns2,Köln, West,soon,0.1\n"
    assert refusal(file(tmp_path, "a.csv", content.encode())) == (
        "row 2 has 5 fields instead of 4; quote or complete it"
    )


def test_a_quote_that_is_never_closed_is_refused_by_line(tmp_path: Path) -> None:
    content = f'{HEADER}s1,"Rome,soon,0.1\n'
    assert refusal(file(tmp_path, "a.csv", content.encode())).startswith("line 2 is not CSV (unexpected end of data)")


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    assert refusal(file(tmp_path, "a.xlsx", b"PK")).startswith("the name ends in neither .csv nor .csv.gz")
