"""Reading a file's bytes by the one reader, whole."""

import hashlib
import io
from collections.abc import Sequence
from typing import override

import pyarrow as pa
import pytest
from platform_runtime.files.file_format import CsvFormat, FileFormat
from platform_runtime.files.reader import read
from platform_runtime.files.refusal import RefusedFileError

CSV = CsvFormat(delimiter=",", quote='"', encoding="utf-8", null_tokens=(), decimal_comma=())


class Trickle(io.BytesIO):
    """A file that gives a few bytes at a time, as a network may."""

    def __init__(self, content: bytes, most: int) -> None:
        super().__init__(content)
        self._most = most

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._most if size is None or size < 0 else min(size, self._most))


def table_of(content: io.BytesIO, file: str, file_format: FileFormat, columns: Sequence[str]) -> pa.Table:
    sha256 = hashlib.sha256(content.getvalue()).hexdigest()
    return pa.Table.from_batches(list(read(content, file, sha256, file_format, columns)))


def rows_of(content: bytes, file: str, file_format: FileFormat, columns: Sequence[str]) -> list[tuple[object, ...]]:
    return rows_of_stream(io.BytesIO(content), file, file_format, columns)


def rows_of_stream(
    content: io.BytesIO, file: str, file_format: FileFormat, columns: Sequence[str]
) -> list[tuple[object, ...]]:
    table = table_of(content, file, file_format, columns)
    assert table.column_names == list(columns)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def refusal_of(content: bytes, file: str, file_format: FileFormat, columns: Sequence[str]) -> str:
    return refusal_of_stream(io.BytesIO(content), file, file_format, columns)


def refusal_of_stream(content: io.BytesIO, file: str, file_format: FileFormat, columns: Sequence[str]) -> str:
    with pytest.raises(RefusedFileError) as refused:
        rows_of_stream(content, file, file_format, columns)
    return str(refused.value)
