import hashlib
import io
from typing import override

import pytest
from platform_runtime.files.content import content_hash
from platform_runtime.files.reader import read
from platform_runtime.files.refusal import RefusedFileError

from tests.infra.runtime.files.reading import CSV


class Unplugged(io.BytesIO):
    """A file whose disk goes away after its first bytes."""

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(5, "Input/output error")
        return super().read(12)


def test_a_file_that_changes_between_its_hash_and_its_end_is_refused() -> None:
    before = hashlib.sha256(b"id\n1\n").hexdigest()
    with pytest.raises(RefusedFileError, match=r"a.csv: the file was written to while it was read; load again once"):
        list(read(io.BytesIO(b"id\n1\n2\n"), "a.csv", before, CSV, ("id",)))


def test_a_file_that_the_system_does_not_give_is_refused() -> None:
    with pytest.raises(
        RefusedFileError, match=r"a.csv: the file cannot be read \(Input/output error\); make it readable"
    ):
        list(read(Unplugged(b"id,name\n1,a\n2,b\n"), "a.csv", "", CSV, ("id", "name")))


def test_the_hash_is_that_of_all_bytes_and_leaves_the_file_at_its_start() -> None:
    content = io.BytesIO(bytes(3 << 20) + b"end")
    content.seek(7)
    assert content_hash(content) == hashlib.sha256(content.getvalue()).hexdigest()
    assert content.tell() == 0
