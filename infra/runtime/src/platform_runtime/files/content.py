"""The bytes of a file that landed: their identity, and what is packed in them."""

import hashlib
import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, override

from platform_runtime.files.file_format import Compression
from platform_runtime.files.refusal import Fault

_BLOCK_BYTES = 1 << 20
# Rows of text pack 3 to 30 times; what goes far beyond both of these is made to fill a disk.
_LARGEST_FACTOR = 250
_ALWAYS_TAKEN_BYTES = 1 << 30
_LAND_AGAIN = "land the file again, whole"


def content_hash(content: BinaryIO) -> str:
    """The SHA-256 of a file from its start, in hexadecimal: what tells new content from what was loaded before."""
    content.seek(0)
    sha256 = stream_hash(content)
    content.seek(0)
    return sha256


def stream_hash(content: BinaryIO) -> str:
    """The same of what can be read once."""
    digest = hashlib.sha256()
    while block := content.read(_BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()


class HashedStream(io.RawIOBase):
    """A file's bytes from its start, hashed as they are read."""

    def __init__(self, content: BinaryIO) -> None:
        super().__init__()
        content.seek(0)
        self._content = content
        self._digest = hashlib.sha256()
        self.bytes_read = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def read(self, size: int = -1, /) -> bytes:
        block = self._content.read(size)
        self._digest.update(block)
        self.bytes_read += len(block)
        return block

    def hash_of_all(self) -> str:
        """The SHA-256 of the whole file, in hexadecimal; reads what is left."""
        while self.read(_BLOCK_BYTES):
            pass
        return self._digest.hexdigest()


def unpacked(stream: HashedStream, compression: Compression) -> Iterator[bytes]:
    """What is packed in a file, in blocks of a mebibyte; nothing of an empty file.

    Raises:
        Fault: when it is truncated or damaged, or grows beyond all that rows of text do.
    """
    blocks = {Compression.NONE: _plain, Compression.GZIP: _gunzipped, Compression.ZSTD: _zstd_unpacked}[compression]
    size = 0
    for block in blocks(stream):
        size += len(block)
        if size > max(_ALWAYS_TAKEN_BYTES, _LARGEST_FACTOR * stream.bytes_read):
            raise Fault(
                "",
                f"unpacked it is more than {_ALWAYS_TAKEN_BYTES >> 30} GiB, and {_LARGEST_FACTOR} times its own size",
                "land it unpacked or in parts, if its rows are real",
            )
        yield block


def _plain(stream: HashedStream) -> Iterator[bytes]:
    while block := stream.read(_BLOCK_BYTES):
        yield block


def _gunzipped(stream: HashedStream) -> Iterator[bytes]:
    packed = stream.read(_BLOCK_BYTES)
    while packed:
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        packed = yield from _member(stream, member, packed)
        # Some writers fill the last block with zeros, which gzip's own tools pass over.
        packed = packed.lstrip(b"\0")
        while not packed and (packed := stream.read(_BLOCK_BYTES)):
            packed = packed.lstrip(b"\0")


def _member(stream: HashedStream, member: "zlib._Decompress", packed: bytes) -> "Iterator[bytes]":
    """What one member of a gzip file holds; returns what was read beyond it."""
    while not member.eof:
        if not packed:
            raise Fault("", "the gzip is truncated, its end is missing", _LAND_AGAIN)
        try:
            block = member.decompress(packed, _BLOCK_BYTES)
        except zlib.error as error:
            raise Fault("", f"the file is not gzip, or damaged ({error})", _LAND_AGAIN) from None
        if block:
            yield block
        packed = member.unconsumed_tail or (member.unused_data if member.eof else stream.read(_BLOCK_BYTES))
    return packed


def _zstd_unpacked(stream: HashedStream) -> Iterator[bytes]:
    import pyarrow as pa  # noqa: PLC0415 - a third of a second, only where there is something to unpack

    unpacking = pa.CompressedInputStream(pa.PythonFile(stream, "r"), "zstd")
    try:
        while block := unpacking.read(_BLOCK_BYTES):
            yield block
    except OSError:
        raise Fault("", "the file is not zstd, truncated or damaged", _LAND_AGAIN) from None
