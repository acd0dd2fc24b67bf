import gzip

import pytest
from databricks_delta.lakehouse.landing_file import LandingFileError, read_landing_file

COLUMNS = ("station", "temp", "at")
TEXT = b"station,temp,at\nEWR,NA,1\nJFK,,2\n"


def _refusal(name: str, content: bytes) -> LandingFileError:
    with pytest.raises(LandingFileError) as refused:
        read_landing_file(name, content, COLUMNS)
    return refused.value


def test_every_field_is_the_text_that_stands_there() -> None:
    content = b'station,temp,at\n"a, b", 1.50 ,null\nJFK,,NA\n'
    assert read_landing_file("a.csv", content, COLUMNS).to_pylist() == [
        {"station": "a, b", "temp": " 1.50 ", "at": "null"},
        {"station": "JFK", "temp": "", "at": "NA"},
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + TEXT, id="byte order mark"),
        pytest.param(TEXT.replace(b"\n", b"\r\n"), id="Windows line ends"),
        pytest.param(TEXT.rstrip(b"\n"), id="no line end at the end"),
        pytest.param(b"at,station,temp\n1,EWR,NA\n2,JFK,\n", id="columns in another order"),
    ],
)
def test_what_does_not_change_the_rows_is_accepted(content: bytes) -> None:
    wanted = [{"station": "EWR", "temp": "NA", "at": "1"}, {"station": "JFK", "temp": "", "at": "2"}]
    assert read_landing_file("a.csv", content, COLUMNS).to_pylist() == wanted
    assert read_landing_file("a.csv.gz", gzip.compress(content), COLUMNS).to_pylist() == wanted


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        pytest.param("a.csv", b"", "the file is empty", id="empty"),
        pytest.param("a.csv.gz", b"", "the file is empty", id="empty, compressed by name"),
        pytest.param("a.csv.gz", gzip.compress(b""), "the file is empty", id="empty, compressed"),
        pytest.param("a.csv", b"station,temp,at\n", "the file is empty: it has a header and no row", id="header alone"),
        pytest.param("a.csv.gz", gzip.compress(TEXT)[:-9], "the gzip file is truncated", id="truncated"),
        pytest.param("a.csv.gz", TEXT, "the file is not gzip, or damaged", id="not gzip"),
        pytest.param("a.csv", b"station,at\nEWR,1\n", "row 1: column 'temp' is missing", id="missing column"),
        pytest.param(
            "a.csv",
            b"station,tempf,at\nEWR,50,1\n",
            "row 1: column 'temp' is missing (is number 2 its new name?), column number 2 is not declared",
            id="renamed column",
        ),
        pytest.param(
            "a.csv",
            b"station,temp,at,rain\nEWR,50,1,0\n",
            "row 1: column number 4 is not declared",
            id="extra column",
        ),
        # None of the values of a row that stands where the header should is repeated.
        pytest.param(
            "a.csv",
            b"EWR,50,1\nLGA,51,1\n",
            "row 1: column 'station' is missing, column 'temp' is missing, column 'at' is missing, column number 1 is",
            id="no header",
        ),
        pytest.param(
            "a.csv", b"station,temp,at,at\nEWR,50,1,1\n", "row 1: column 'at' appears twice", id="repeated column"
        ),
        pytest.param(
            "a.csv", TEXT + "JFK,caf\xe9,3\n".encode("latin-1"), "row 4, column number 2, is not UTF-8", id="not UTF-8"
        ),
        pytest.param("a.csv", "st\xe4tion,temp,at\n".encode("latin-1"), "row 1, the header, is not UTF-8", id="header"),
        pytest.param("a.csv", TEXT + b"LGA,50\n", "row 4 has 2 fields, the header has 3", id="short row"),
        pytest.param("a.csv", TEXT + b"LGA,5,0,1\n", "row 4 has 4 fields", id="long row"),
    ],
)
def test_a_bad_file_is_refused_with_the_row_or_column_and_a_fix(name: str, content: bytes, problem: str) -> None:
    refused = _refusal(name, content)
    assert refused.problem.startswith(problem)
    assert refused.fix


def test_a_wrong_header_is_told_the_right_one_and_where_it_is_declared() -> None:
    fix = _refusal("a.csv", b"station,at\nEWR,1\n").fix
    assert "station, temp, at" in fix
    assert "source.columns of defs.yaml" in fix


def test_a_malformed_row_far_down_is_named_by_its_number() -> None:
    content = b"station,temp,at\n" + b"EWR,50,1\n" * 200_000 + b"EWR\n"
    assert _refusal("a.csv", content).problem.startswith("row 200002 ")
