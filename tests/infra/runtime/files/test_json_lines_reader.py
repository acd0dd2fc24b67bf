import gzip
import json

import pytest
from platform_runtime.files.csv_structure import LARGEST_ROW_BYTES
from platform_runtime.files.file_format import JsonLinesFormat

from tests.infra.runtime.files.reading import Trickle, refusal_of, rows_of, rows_of_stream

JSON = JsonLinesFormat()
COLUMNS = ("id", "value")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('"Köln"', "Köln"),
        ('"K\\u00f6ln\\n"', "Köln\n"),
        ('""', ""),
        ("null", None),
        ("1.10", "1.10"),
        ("12345678901234567890.123456789", "12345678901234567890.123456789"),
        ("-1E+400", "-1E+400"),
        ("true", "true"),
        ('{"b": [1.0, null, "x\\"y"], "a": {"ö": false}}', '{"b":[1.0,null,"x\\"y"],"a":{"ö":false}}'),
        ("[]", "[]"),
    ],
)
def test_a_value_is_text_as_it_stands_and_what_is_nested_is_json(value: str, text: str | None) -> None:
    content = f'\n{{"value": {value}, "id": "1"}}\r\n\n{{"id": 2}}'.encode()
    expected = [("1", text), ("2", None)]
    assert rows_of(content, "a.jsonl", JSON, COLUMNS) == expected
    assert rows_of(b"\xef\xbb\xbf" + content, "a.JSONL", JSON, COLUMNS) == expected
    assert rows_of_stream(Trickle(gzip.compress(content), 3), "a.jsonl.gz", JSON, COLUMNS) == expected
    if text is not None and value[0] in "{[":
        assert json.loads(text) == json.loads(value)


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        (b"", "a.jsonl: the file is empty"),
        (b'{"id": 1}\n{"id": ', "a.jsonl, row 2 (line 2): is not one whole JSON value; write one JSON object a line"),
        (b'{"id": 1}\n\n{"id": 1} {"id": 2}', "a.jsonl, row 2 (line 3): is not one whole JSON value"),
        (b'{"id": 1}\r{"id": 2}\r', "a.jsonl, row 1 (line 1): is not one whole JSON value"),
        (b'[{"id": 1}]', "a.jsonl, row 1 (line 1): is JSON, but no object"),
        (b"[\n{}\n]", "a.jsonl, row 1 (line 1): is not one whole JSON value"),
        (b'{"id": 1, "id": 2}', "a.jsonl, row 1 (line 1): has a name twice in one object"),
        (b'{"id": {"a": 1, "a": 1}}', "a.jsonl, row 1 (line 1): has a name twice in one object"),
        (b'{"id": 1, "other": 2}', "row 1 (line 1): its name number 2 is unexpected; send the columns id, value alone"),
        (b'{"id": NaN}', "a.jsonl, row 1 (line 1): holds NaN, which is no JSON"),
        (b'{"id": "\\ud800"}', "a.jsonl, row 1 (line 1): holds half a character"),
        (b'{"id": "\xff"}', "a.jsonl, row 1 (line 1): is not UTF-8 (byte 0xff)"),
        (b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "a.jsonl, row 1 (line 1): is not one whole JSON value"),
        (b'{"id": "' + b"a" * LARGEST_ROW_BYTES + b'"}\n', "a.jsonl, row 1 (line 1): is longer than 8 MiB"),
        (b'{"id": 1}\n' + b" " * (3 * LARGEST_ROW_BYTES), "a.jsonl, after row 1: the next line is longer than 8 MiB"),
        (gzip.compress(b"{}", mtime=0), "a.jsonl: what should be text is gzip"),
        ('{"id": 1}'.encode("utf-16"), "a.jsonl: the file is UTF-16; save it as UTF-8 and land it again"),
    ],
)
def test_what_is_not_in_order_is_refused_by_its_row_with_a_fix(line: bytes, refusal: str) -> None:
    message = refusal_of(line, "a.jsonl", JSON, COLUMNS)
    assert refusal in message
    assert "other" not in message
