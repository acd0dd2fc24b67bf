import gzip

import pyarrow as pa
import pytest
from platform_runtime.files.csv_structure import LARGEST_ROW_BYTES
from platform_runtime.files.file_format import CsvFormat

from tests.infra.runtime.files.reading import CSV, Trickle, refusal_of, rows_of, rows_of_stream

COLUMNS = ("id", "name")
HEADER = b"id,name\n"
AN_HOUR_OF_ROWS = b"".join(b"%d,row\n" % number for number in range(300_000))


def zstd(content: bytes) -> bytes:
    return pa.Codec("zstd").compress(content, asbytes=True)


def test_fields_come_as_they_are_in_the_declared_order() -> None:
    content = 'name,id\r\n" Köln, West ",1\r\n\r\n"two\nlines",\r\nNA,"say ""yes"""\r\n'
    expected = [("1", " Köln, West "), ("", "two\nlines"), ('say "yes"', "NA")]
    assert rows_of(content.encode(), "a.csv", CSV, COLUMNS) == expected
    assert rows_of(content.encode("utf-8-sig"), "A.CSV", CSV, COLUMNS) == expected
    assert rows_of(gzip.compress(content.encode()), "a.csv.GZ", CSV, COLUMNS) == expected
    assert rows_of(zstd(content.encode()), "a.csv.zst", CSV, COLUMNS) == expected


def test_a_packed_file_may_have_several_members_and_be_filled_up_with_zeros() -> None:
    parts = [HEADER + b"1,a\n", b"2,b\n"]
    expected = [("1", "a"), ("2", "b")]
    several = b"".join(map(gzip.compress, parts))
    assert rows_of(several + bytes(1 << 21), "a.csv.gz", CSV, COLUMNS) == expected
    assert rows_of_stream(Trickle(several, 5), "a.csv.gz", CSV, COLUMNS) == expected
    assert rows_of(b"".join(map(zstd, parts)), "a.csv.zst", CSV, COLUMNS) == expected


def test_a_dialect_is_as_it_is_declared() -> None:
    content = "id;name\n1;'a;b'\n-;3,50 €\n"
    euro = CsvFormat(";", "'", "windows-1252", ("-", ""), ())
    assert rows_of(content.encode("cp1252"), "a.csv", euro, COLUMNS) == [("1", "a;b"), (None, "3,50 €")]
    assert rows_of(b'id|name\n"1|2"\n', "a.csv", CsvFormat("|", "", "utf-8", (), ()), COLUMNS) == [('"1', '2"')]
    assert rows_of(b'id,name\nNA,"NA"\n', "a.csv", CsvFormat(",", '"', "utf-8", ("NA",), ()), COLUMNS) == [(None, None)]
    comma = CsvFormat(";", '"', "utf-8", ("-",), ("name",))
    numbers = b"id;name\n1,5;-0,5\n2;1.000,5\n3;1.5\n;-\n;\n"
    given = [("1,5", "-0.5"), ("2", "1,000.5"), ("3", "1,5"), ("", None), ("", "")]
    assert rows_of(numbers, "a.csv", comma, COLUMNS) == given
    utf_16 = CsvFormat(",", '"', "utf-16", (), ())
    assert rows_of("id,name\n1,Köln\n".encode("utf-16"), "a.csv", utf_16, COLUMNS) == [("1", "Köln")]


@pytest.mark.parametrize(
    ("delimiter", "quote"), [("", '"'), (",,", '"'), ("\n", '"'), ("é", '"'), (",", ","), (",", "'' ")]
)
def test_a_dialect_that_cannot_be_read_is_refused(delimiter: str, quote: str) -> None:
    with pytest.raises(ValueError, match="name one ASCII character"):
        CsvFormat(delimiter, quote, "utf-8", (), ())


@pytest.mark.parametrize("offset", range(-4, 4))
def test_line_ends_within_quotes_stay_what_they_are_at_any_offset(offset: int) -> None:
    """At the end of a mebibyte too, where pyarrow's reader drops the carriage return."""
    filled = "x" * ((1 << 20) - len(HEADER) - len('1,"') + offset)
    content = HEADER + f'1,"{filled}\r\nb\rc\nd"\r\n2,b\r\n'.encode()
    assert rows_of(content, "a.csv", CSV, COLUMNS) == [("1", f"{filled}\r\nb\rc\nd"), ("2", "b")]


def test_a_header_cell_and_a_row_of_many_kilobytes_are_read() -> None:
    wide = "n" * 200_000
    assert rows_of(f"id,{wide}\n1,{wide}\n".encode(), "a.csv", CSV, ("id", wide)) == [("1", wide)]
    long = "n" * (LARGEST_ROW_BYTES - 10)
    assert rows_of(HEADER + f"1,{long}\n".encode(), "a.csv", CSV, COLUMNS) == [("1", long)]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        pytest.param(b"", "a.csv: the file is empty; land it again", id="empty"),
        pytest.param(b"\xef\xbb\xbf\n\r\n", "a.csv: the file is empty; ", id="blank"),
        pytest.param(HEADER, "a.csv: the file has a header and no row; ", id="header alone"),
        pytest.param(
            b"id\n1\n",
            "a.csv, the header: column 'name' is missing; send it with exactly the columns id, name",
            id="missing",
        ),
        pytest.param(
            b"id,nam\n1,a\n",
            "the header: column 'name' is missing; column number 2 is unexpected, was 'name' renamed?",
            id="renamed",
        ),
        pytest.param(b"id,name,id\n1,a,1\n", "the header: column 'id' is there twice", id="twice"),
        pytest.param(
            b"id;name\n1;a\n",
            "declare the delimiter ';' if that is what parts its fields, or send",
            id="other delimiter",
        ),
        pytest.param(
            b"n" * 200_000 + b",id\n1,2\n", "the header: column 'name' is missing; column number 1", id="long header"
        ),
        pytest.param(HEADER + b"1,a\n2\n", "a.csv, row 2 (line 3): has 1 fields where the header has 2; ", id="short"),
        pytest.param(HEADER + b'\n1,"a\nb"\n2,b,c\n', "a.csv, row 2 (line 5): has 3 fields", id="long"),
        pytest.param(HEADER + AN_HOUR_OF_ROWS + b"x\n", "a.csv, row 300001 (line 300002): has 1 fields", id="far down"),
        pytest.param(
            HEADER + b'1,a\n2,"b\n3,c\n', "a.csv, row 2 (line 3): a quote opens that nothing closes", id="unclosed"
        ),
        pytest.param(
            b'id,"name\n1,a\n', "a.csv, the header: a quote opens that nothing closes", id="unclosed in header"
        ),
        # Five rows that a kinder reader takes for two, of the right width.
        pytest.param(
            HEADER + b'1,a\n2,"b\n3,c\n4,d"e\n5,f\n',
            "a.csv, row 2 (line 3): a quote opens or closes in the middle of a field, or is never closed",
            id="swallowed rows",
        ),
        pytest.param(
            HEADER + b'1,"a\n2,b\n3,"c"\n4,d\n5,e\n',
            "a.csv, row 1 (line 2): a quote opens that nothing closes",
            id="swallowed before a quoted one",
        ),
        pytest.param(
            HEADER + b'1,a"b\n', "a.csv, row 1 (line 2): a quote opens that nothing closes", id="quote within"
        ),
        pytest.param(HEADER + b'1,a""b\n', "a.csv, row 1 (line 2): a quote opens or closes", id="two quotes within"),
        pytest.param(HEADER + b'1, "a"\n', "a.csv, row 1 (line 2): a quote opens or closes", id="blank before quote"),
        pytest.param(HEADER + b'1,"a" \n', "a.csv, row 1 (line 2): a quote opens or closes", id="blank after quote"),
        pytest.param(
            b"id,name\r1,a\r2,b\r", "a.csv, the header: a carriage return ends no line by itself", id="lone CR"
        ),
        pytest.param(HEADER + b"1,a\r2,b\n", "a.csv, row 1 (line 2): a carriage return ends no line", id="one lone CR"),
        pytest.param(
            HEADER + b'1,"a"\r2,"b"\n',
            "a.csv, row 1 (line 2): a quote opens or closes in the middle",
            id="lone CR after quote",
        ),
        pytest.param(
            HEADER + b"1,K\xf6ln\n", "a.csv, row 1 (line 2): column number 2 is not UTF-8 (byte 0xf6); ", id="latin-1"
        ),
        pytest.param(
            b"id,n\xe4me\n1,a\n", "a.csv, the header: column number 2 is not UTF-8 (byte 0xe4); ", id="latin-1 header"
        ),
        pytest.param(HEADER + b"1,a\0b\n", "a.csv, row 1 (line 2): holds a NUL", id="NUL"),
        pytest.param("id,name\n1,a\n".encode("utf-16"), "a.csv: the file is UTF-16; ", id="UTF-16"),
        pytest.param("id,name\n1,a\n".encode("utf-16-le"), "a.csv, the header: holds a NUL", id="UTF-16, no mark"),
        pytest.param("id,name\n1,a\n".encode("utf-32"), "a.csv: the file is UTF-32; ", id="UTF-32"),
        pytest.param("id,name\n1,a\n".encode("utf-32-be"), "a.csv, the header: holds a NUL", id="UTF-32, no mark"),
        pytest.param(
            gzip.compress(HEADER, mtime=0),
            "a.csv: what should be text is gzip; unpack it once, or land it as it is under a name that ends in .gz",
            id="gzip by content",
        ),
        pytest.param(b"PK\x03\x04....", "a.csv: what should be text is a zip archive; ", id="zip"),
        pytest.param(b"PAR1......", "a.csv: what should be text is Parquet; ", id="Parquet"),
        pytest.param(
            HEADER + b'1,"' + b"a\n" * LARGEST_ROW_BYTES,
            "a.csv, row 1 (line 2): is longer than 8 MiB; close the quote",
            id="long row",
        ),
        pytest.param(
            HEADER + b"1," + b"a" * LARGEST_ROW_BYTES + b"\n",
            "a.csv, row 1 (line 2): is longer than 8 MiB",
            id="long field",
        ),
    ],
)
def test_what_is_not_in_order_is_refused_by_its_row_with_a_fix(content: bytes, refusal: str) -> None:
    assert refusal in refusal_of(content, "a.csv", CSV, COLUMNS)


def test_no_value_of_a_row_is_repeated() -> None:
    for content in (
        b"Secret,Secret2\nSecret,x\n",
        HEADER + b'Secret,"Sec"ret\n',
        HEADER + b"Secret\n",
        HEADER + b"Secret,\xff\n",
    ):
        assert "Secret" not in refusal_of(content, "a.csv", CSV, COLUMNS)


@pytest.mark.parametrize(
    ("file", "content", "refusal"),
    [
        (
            "a.csv.gz",
            gzip.compress(HEADER + AN_HOUR_OF_ROWS, mtime=0)[:-9],
            "a.csv.gz, after row 300000: the gzip is truncated",
        ),
        (
            "a.csv.gz",
            gzip.compress(HEADER + b"1,a\n", mtime=0)[:-3],
            "the gzip is truncated, its end is missing; land the file again",
        ),
        ("a.csv.gz", HEADER + b"1,a\n", "a.csv.gz: the file is not gzip, or damaged"),
        ("a.csv.gz", gzip.compress(HEADER + b"1,a\n", mtime=0) + b"more", "the file is not gzip, or damaged"),
        (
            "a.csv.gz",
            gzip.compress(gzip.compress(HEADER, mtime=0), mtime=0),
            "a.csv.gz: what should be text is gzip; unpack it once",
        ),
        ("a.csv.zst", zstd(gzip.compress(HEADER, mtime=0)), "a.csv.zst: what should be text is gzip; unpack it once"),
        ("a.csv.zst", zstd(HEADER + AN_HOUR_OF_ROWS)[:-9], "the file is not zstd, truncated or damaged"),
        ("a.csv.zst", HEADER, "a.csv.zst: the file is not zstd, truncated or damaged"),
        ("a.csv.zst", zstd(HEADER) + b"more", "the file is not zstd, truncated or damaged"),
        ("a.csv.gz", b"", "a.csv.gz: the file is empty"),
        ("a.csv.zst", b"", "a.csv.zst: the file is empty"),
        ("a.xlsx", b"PK", "a.xlsx: its name ends in none of .csv, .csv.gz, .csv.zst; rename it"),
    ],
)
def test_what_is_not_packed_in_order_is_refused(file: str, content: bytes, refusal: str) -> None:
    assert refusal in refusal_of(content, file, CSV, COLUMNS)


def test_bytes_that_a_declared_encoding_does_not_know_are_refused() -> None:
    windows = CsvFormat(",", '"', "windows-1252", (), ())
    assert "the file is not windows-1252" in refusal_of(HEADER + b"1,\x81\n", "a.csv", windows, COLUMNS)
    utf_16 = CsvFormat(",", '"', "utf-16", (), ())
    assert "no byte order mark of UTF-16" in refusal_of(HEADER + b"1,a\n", "a.csv", utf_16, COLUMNS)
    assert "the file is not utf-16" in refusal_of(
        HEADER.decode().encode("utf-16") + b"\0\xd8,\0", "a.csv", utf_16, COLUMNS
    )
