from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1"]
"""Encodings by names that Python, Java and Snowflake share."""


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """Text with a header and a delimiter; every field is text.

    Attributes:
        delimiter: one ASCII character between fields.
        quote: one ASCII character around a field that holds a delimiter, a line end or itself, doubled; empty for none.
        encoding: how the characters are stored; a byte order mark is no character.
        null_tokens: fields that mean null, quoted or not, such as `NA`; an empty text among them is an empty field.
        decimal_comma: columns of numbers with a decimal comma. Comma and point change places in them: `1,5` is given
            as `1.5`, and `1.500`, which is no such number, as `1,500`, which is none with a point.
    """

    delimiter: str
    quote: str
    encoding: Encoding
    null_tokens: tuple[str, ...]
    decimal_comma: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.delimiter) != 1 or not self.delimiter.isascii() or self.delimiter in "\r\n\0":
            raise ValueError(f"delimiter {self.delimiter!r}: name one ASCII character that ends no line")
        if len(self.quote) > 1 or not self.quote.isascii() or self.quote in ("\r", "\n", "\0", self.delimiter):
            raise ValueError(f"quote {self.quote!r}: name one ASCII character that is not the delimiter, or none")

    @property
    def suffix(self) -> str:
        """How names of plain files end."""
        return ".csv"


@dataclass(frozen=True, slots=True)
class JsonLinesFormat:
    """A JSON object a line, in UTF-8; every value is text, as it stands there, and what is nested is JSON."""

    @property
    def suffix(self) -> str:
        """How names of plain files end."""
        return ".jsonl"


@dataclass(frozen=True, slots=True)
class ParquetFormat:
    """Apache Parquet; columns keep their types, and what is nested is JSON.

    Attributes:
        may_be_empty: whether a file without rows says that there are none, as of a period; else it is refused.
    """

    may_be_empty: bool

    @property
    def suffix(self) -> str:
        """How names of files end."""
        return ".parquet"


type FileFormat = CsvFormat | JsonLinesFormat | ParquetFormat


class Compression(StrEnum):
    """How the bytes of a file are packed."""

    NONE = ""
    GZIP = ".gz"
    ZSTD = ".zst"


def compression_of(name: str) -> Compression:
    """What a file's name says of its compression, in small letters or capitals."""
    lowered = name.lower()
    return next((kind for kind in (Compression.GZIP, Compression.ZSTD) if lowered.endswith(kind)), Compression.NONE)


def suffixes(file_format: FileFormat) -> tuple[str, ...]:
    """How names of a format's files may end, plain or compressed."""
    if isinstance(file_format, ParquetFormat):
        # It compresses its own pages.
        return (file_format.suffix,)
    return tuple(f"{file_format.suffix}{kind}" for kind in Compression)


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether the last part of a file's name fits one of the patterns, such as `*.csv.gz`, whatever its case."""
    last = name.rpartition("/")[2].lower()
    return any(fnmatchcase(last, pattern.lower()) for pattern in patterns)
