"""The text of a file that landed, as UTF-8 without a byte order mark."""

import codecs
from collections.abc import Iterator

from platform_runtime.files.file_format import Encoding
from platform_runtime.files.refusal import Fault

_BYTE_ORDER_MARK = codecs.BOM_UTF8
# What the first bytes say of a file that is no text, and how a name says so.
_SIGNATURES = {
    b"\x1f\x8b": ("gzip", ".gz"),
    b"\x28\xb5\x2f\xfd": ("zstd", ".zst"),
    b"PK\x03\x04": ("a zip archive", ""),
    b"BZh": ("bzip2", ""),
    b"\xfd7zXZ\0": ("xz", ""),
    b"PAR1": ("Parquet", ".parquet"),
}
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LONGEST_SIGNATURE = 8
_SAVE_AS_UTF_8 = "save it as UTF-8 and land it again"


def utf8_blocks(blocks: Iterator[bytes], encoding: Encoding) -> Iterator[bytes]:
    """A file's text as UTF-8. Of text that is said to be UTF-8 it is for the caller to see that it is.

    Raises:
        Fault: when it is no text, or not in that encoding.
    """
    first = _beginning(blocks)
    _refuse_what_is_no_text(first, encoding)
    if encoding == "utf-8":
        yield first.removeprefix(_BYTE_ORDER_MARK)
        yield from blocks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        yield decoder.decode(first).encode()
        for block in blocks:
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise Fault("", f"the file is not {encoding}", f"save it as {encoding} and land it again") from None


def _beginning(blocks: Iterator[bytes]) -> bytes:
    """As many blocks as tell what the file is, or all of it."""
    first = b""
    while len(first) < _LONGEST_SIGNATURE and (block := next(blocks, b"")):
        first += block
    return first


def _refuse_what_is_no_text(first: bytes, encoding: Encoding) -> None:
    for signature, (kind, suffix) in _SIGNATURES.items():
        if first.startswith(signature):
            named = f" under a name that ends in {suffix}" if suffix else " as text"
            raise Fault("", f"what should be text is {kind}", f"unpack it once, or land it as it is{named}")
    if first.startswith(_UTF_32):
        raise Fault("", "the file is UTF-32", _SAVE_AS_UTF_8)
    if encoding != "utf-16" and first.startswith(_UTF_16):
        raise Fault("", "the file is UTF-16", f"{_SAVE_AS_UTF_8}, or declare the encoding utf-16")
    if encoding == "utf-16" and not first.startswith(_UTF_16) and first:
        raise Fault("", "the file has no byte order mark of UTF-16", "save it as UTF-16 with one, and land it again")
