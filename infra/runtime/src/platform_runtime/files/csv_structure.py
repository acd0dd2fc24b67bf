"""Where the records of a CSV file end, and the first thing in them that RFC 4180 does not allow.

No CSV reader at hand refuses all of it: pyarrow and Polars take a quote in the middle of a field, which lets one that
is never closed swallow the rows after it; DuckDB reads a lone carriage return as a line end, and guesses where a block
of a large file begins. So the structure is judged here, on arrays of whole blocks, and a reader is only given records
that it cannot misread.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from platform_runtime.files.file_format import CsvFormat
from platform_runtime.files.refusal import Fault, row_place

if TYPE_CHECKING:
    import numpy as np

LARGEST_ROW_BYTES = 8 << 20
"""A longer row is refused: text columns of the warehouses hold no more, and all of it has to be in memory."""

_DELIMITER, _LINE_FEED, _CARRIAGE_RETURN, _QUOTE = 1, 2, 3, 4
_QUOTING = "quote the whole field and double every quote within, then land the file again"


@dataclass(slots=True)
class _Marks:
    """The characters of a block that mean something.

    Attributes:
        at: where they are.
        kind: which they are.
        outside: whether they stand outside of quotes.
    """

    at: "np.ndarray"
    kind: "np.ndarray"
    outside: "np.ndarray"


@dataclass(frozen=True, slots=True)
class _Found:
    """A fault and where it is in a block."""

    at: int
    fault: str
    fix: str


class CsvStructure:
    """Follows a file from its start, block by block; counts its rows and lines."""

    def __init__(self, csv: CsvFormat) -> None:
        import numpy as np  # noqa: PLC0415 - a tenth of a second, only where there is something to read

        self._np = np
        self._kinds = np.zeros(256, np.uint8)
        self._kinds[ord("\n")] = _LINE_FEED
        self._kinds[ord("\r")] = _CARRIAGE_RETURN
        self._kinds[ord(csv.delimiter)] = _DELIMITER
        if csv.quote:
            self._kinds[ord(csv.quote)] = _QUOTE
        self._width = 0
        self._records = 0
        self._lines = 0

    @property
    def rows(self) -> int:
        """How many rows have passed, the header not counted."""
        return max(self._records - 1, 0)

    def whole_records(self, block: bytes, *, only_first: bool, last: bool) -> int:
        """How many bytes of the block are whole records, all of them in order.

        Args:
            block: bytes that start where a record does.
            only_first: look no further than the end of the first record that is not blank: the header.
            last: whether the file ends with the block, whose last record then ends with a line end.

        Raises:
            Fault: naming the first row that is not in order.
        """
        text = self._np.frombuffer(block, self._np.uint8)
        marks = self._marks(text)
        ends = marks.at[(marks.kind == _LINE_FEED) & marks.outside]
        if only_first:
            filled = self._np.flatnonzero(self._filled(text, ends))
            ends = ends[: filled[0] + 1] if len(filled) else ends
        size = int(ends[-1]) + 1 if len(ends) else 0
        self._judge(block, text, marks, ends, size)
        if len(block) - size > LARGEST_ROW_BYTES:
            self._refuse(block, ends, _Found(size, *_TOO_LONG))
        if last and size < len(block):
            self._refuse(block, ends, _Found(size, "a quote opens that nothing closes", _QUOTING))
        self._records += int(self._filled(text, ends).sum())
        self._lines += block.count(b"\n", 0, size)
        return size

    def _marks(self, text: "np.ndarray") -> _Marks:
        classes = self._kinds[text]
        at = self._np.flatnonzero(classes).astype(self._np.int32)
        kind = classes[at]
        quotes = kind == _QUOTE
        before = self._np.cumsum(quotes, dtype=self._np.int32) - quotes
        return _Marks(at, kind, (before & 1) == 0)

    def _judge(self, block: bytes, text: "np.ndarray", marks: _Marks, ends: "np.ndarray", size: int) -> None:
        within = int(self._np.searchsorted(marks.at, size))
        whole = _Marks(marks.at[:within], marks.kind[:within], marks.outside[:within])
        found = [
            *self._bad_bytes(block[:size], whole, ends),
            *self._bad_carriage_returns(text, whole),
            *self._bad_quotes(text, whole),
            *self._bad_lengths(ends),
            *self._bad_widths(text, whole, ends),
        ]
        if found:
            self._refuse(block, ends, min(found, key=lambda one: one.at))

    def _bad_bytes(self, records: bytes, marks: _Marks, ends: "np.ndarray") -> list[_Found]:
        found = []
        nul = records.find(b"\0")
        if nul >= 0:
            found.append(_Found(nul, "holds a NUL, which no text does", "save the file as UTF-8 and land it again"))
        try:
            records.decode()
        except UnicodeDecodeError as error:
            field = self._field(error.start, marks, ends)
            fault = f"column number {field} is not UTF-8 (byte 0x{records[error.start]:02x})"
            found.append(
                _Found(error.start, fault, "save the file as UTF-8 and land it again, or declare its encoding")
            )
        return found

    def _field(self, at: int, marks: _Marks, ends: "np.ndarray") -> int:
        """The number of the field in its record, from 1."""
        before = ends[ends < at]
        start = int(before[-1]) if len(before) else -1
        within = (marks.at > start) & (marks.at < at) & marks.outside & (marks.kind == _DELIMITER)
        return int(within.sum()) + 1

    def _bad_carriage_returns(self, text: "np.ndarray", marks: _Marks) -> list[_Found]:
        at = marks.at[(marks.kind == _CARRIAGE_RETURN) & marks.outside]
        return self._first(at[text[at + 1] != ord("\n")], *_LONE_CARRIAGE_RETURN)

    def _bad_quotes(self, text: "np.ndarray", marks: _Marks) -> list[_Found]:
        quotes = marks.kind == _QUOTE
        opening = marks.at[quotes & marks.outside]
        # Nothing is before one that starts a block; one after another quote is the second of a doubled one.
        before = self._kinds[text[opening - 1]]
        astray = (opening > 0) & ((before == 0) | (before == _CARRIAGE_RETURN))
        closing = marks.at[quotes & ~marks.outside]
        after = self._kinds[text[closing + 1]]
        lone = text[closing + 1 + (after == _CARRIAGE_RETURN)] != ord("\n")
        trailed = (after == 0) | ((after == _CARRIAGE_RETURN) & lone)
        return [*self._first(opening[astray], *_ASTRAY), *self._first(closing[trailed], *_ASTRAY)]

    def _bad_lengths(self, ends: "np.ndarray") -> list[_Found]:
        lengths = self._np.diff(ends, prepend=-1)
        return self._first(ends[lengths > LARGEST_ROW_BYTES], *_TOO_LONG)

    def _bad_widths(self, text: "np.ndarray", marks: _Marks, ends: "np.ndarray") -> list[_Found]:
        between = marks.outside & ((marks.kind == _DELIMITER) | (marks.kind == _LINE_FEED))
        fields = self._np.diff(self._np.flatnonzero(marks.kind[between] == _LINE_FEED), prepend=-1)[: len(ends)]
        filled = self._filled(text, ends)
        if not self._width and filled.any():
            self._width = int(fields[self._np.flatnonzero(filled)[0]])
        bad = self._np.flatnonzero((fields != self._width) & filled)
        if not len(bad):
            return []
        count, first = int(fields[bad[0]]), int(ends[bad[0]])
        return [_Found(first, f"has {count} fields where the header has {self._width}", "quote or complete it")]

    def _filled(self, text: "np.ndarray", ends: "np.ndarray") -> "np.ndarray":
        """Which records are more than a line end."""
        lengths = self._np.diff(ends, prepend=-1)
        return (lengths > 2) | ((lengths == 2) & (text[ends - 1] != ord("\r")))  # noqa: PLR2004 - CR and LF

    def _first(self, at: "np.ndarray", fault: str, fix: str) -> list[_Found]:
        return [_Found(int(at[0]), fault, fix)] if len(at) else []

    def _refuse(self, block: bytes, ends: "np.ndarray", found: _Found) -> None:
        text = self._np.frombuffer(block, self._np.uint8)
        before = ends[ends < found.at]
        records = self._records + int(self._filled(text, before).sum())
        start = int(before[-1]) + 1 if len(before) else 0
        line = self._lines + block.count(b"\n", 0, start) + 1
        raise Fault(row_place(records, line), found.fault, found.fix)


_TOO_LONG = (
    f"is longer than {LARGEST_ROW_BYTES >> 20} MiB",
    "close the quote that opens in it, or split what it holds, and land the file again",
)
_LONE_CARRIAGE_RETURN = (
    "a carriage return ends no line by itself",
    "save the file with line feeds, or quote the field that holds it, and land it again",
)
_ASTRAY = ("a quote opens or closes in the middle of a field, or is never closed", _QUOTING)
