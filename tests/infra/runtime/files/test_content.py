import io
import zlib
from collections.abc import Iterator

import pytest
from platform_runtime.files.content import HashedStream, unpacked
from platform_runtime.files.file_format import Compression
from platform_runtime.files.refusal import Fault

_MEBIBYTE = 1 << 20


def _zeros_of_two_gibibytes() -> bytes:
    packing = zlib.compressobj(6, wbits=zlib.MAX_WBITS | 16)
    return b"".join([*(packing.compress(bytes(_MEBIBYTE)) for _ in range(2 << 10)), packing.flush()])


def _sizes(blocks: Iterator[bytes], sizes: list[int]) -> None:
    sizes.extend(len(block) for block in blocks)


@pytest.mark.slow
def test_a_gzip_that_is_made_to_fill_a_disk_is_refused_and_no_block_of_it_is_large() -> None:
    stream = HashedStream(io.BytesIO(_zeros_of_two_gibibytes()))
    sizes: list[int] = []
    with pytest.raises(Fault, match="unpacked it is more than 1 GiB, and 250 times its own size"):
        _sizes(unpacked(stream, Compression.GZIP), sizes)
    assert sum(sizes) == 1 << 30
    assert max(sizes) == _MEBIBYTE
