"""Generated CSV, right and wrong, against a reader of single characters."""

import random

import pytest
from platform_runtime.files.file_format import CsvFormat, Encoding

from tests.infra.runtime.files.csv_oracle import NotCsvError, records
from tests.infra.runtime.files.reading import Trickle, refusal_of_stream, rows_of_stream

_PIECES = ['"', '""', ",", ";", "\n", "\r\n", "\r", "a", "Köln", "\t", " ", "'", "\\", "NA", "€"]
_ENCODINGS: list[Encoding] = ["utf-8", "utf-16", "windows-1252"]


def _written(chance: random.Random, value: str, delimiter: str, quote: str) -> str:
    if quote and (chance.random() < 0.3 or any(mark in value for mark in (delimiter, quote, "\r", "\n"))):
        return quote + value.replace(quote, quote * 2) + quote
    return value if quote else "".join(mark for mark in value if mark not in (delimiter, "\r", "\n"))


def _well_formed(chance: random.Random, delimiter: str, quote: str, width: int) -> str:
    lines = [delimiter.join(f"c{number}" for number in range(width))]
    for _ in range(chance.randint(1, 40)):
        values = ("".join(chance.choices(_PIECES, k=chance.randint(0, 6))) for _ in range(width))
        lines.append(delimiter.join(_written(chance, value, delimiter, quote) for value in values))
    ends = chance.choice(["\n", "\r\n"])
    return ends.join(lines) + chance.choice([ends, ""])


def _damaged(chance: random.Random, text: str) -> str:
    at = chance.randrange(text.index("\n"), len(text) + 1)
    return text[:at] + chance.choice(_PIECES) + text[at + chance.randint(0, 2) :]


@pytest.mark.parametrize("seed", range(160))
def test_generated_files_are_read_as_they_are_or_refused_by_their_row(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same files every time
    delimiter, quote = chance.choice([",", ";", "\t", "|"]), chance.choice(['"', '"', "'", ""])
    encoding = chance.choice(_ENCODINGS)
    text = _well_formed(chance, delimiter, quote, chance.randint(1, 5))
    if seed % 2:
        text = _damaged(chance, text)
    csv = CsvFormat(delimiter, quote, encoding, (), ())
    columns = text.splitlines()[0].split(delimiter)
    # Blocks of a few bytes: everything stands across the border of two sooner or later.
    content = Trickle(text.encode(encoding), chance.choice([1, 2, 3, 7, 64, 1 << 20]))
    expected = _expected(text, delimiter, quote)
    if isinstance(expected, int):
        assert f"a.csv, row {expected} (line " in refusal_of_stream(content, "a.csv", csv, columns)
    elif not expected:
        assert "no row" in refusal_of_stream(content, "a.csv", csv, columns)
    else:
        assert rows_of_stream(content, "a.csv", csv, columns) == expected


def _expected(text: str, delimiter: str, quote: str) -> list[tuple[object, ...]] | int:
    """The rows, or the number of the first that is no CSV."""
    try:
        return [tuple(row) for row in records(text, delimiter, quote)[1:]]
    except NotCsvError as error:
        return error.record
