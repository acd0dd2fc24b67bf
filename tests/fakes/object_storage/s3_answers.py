from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from xml.sax.saxutils import escape

from tests.fakes.object_storage.bucket import Bucket, StoredObject

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def xml(root: str, content: str) -> Answer:
    """A document of the interface."""
    return Answer(200, f'<?xml version="1.0"?><{root} xmlns="{_NAMESPACE}">{content}</{root}>'.encode(), _XML)


def error(status: int, code: str, about: str) -> Answer:
    """A refusal in the interface's words."""
    content = f"<Code>{code}</Code><Message>{escape(about)}</Message>"
    return Answer(status, f'<?xml version="1.0"?><Error>{content}</Error>'.encode(), _XML)


def described(stored: StoredObject) -> dict[str, str]:
    """What the headers say of an object."""
    return {
        "Accept-Ranges": "bytes",
        "Content-Type": "application/octet-stream",
        "ETag": stored.etag,
        "Last-Modified": format_datetime(stored.modified_at, usegmt=True),
    }


def ranged(stored: StoredObject, byte_range: str | None) -> Answer:
    """An object, or the range of it that was asked for: `bytes=2-5`, `bytes=2-` or, from its end, `bytes=-4`."""
    headers, whole = described(stored), stored.content
    if byte_range is None:
        return Answer(200, whole, headers)
    first, _, last = byte_range.removeprefix("bytes=").partition("-")
    start = int(first) if first else max(len(whole) - int(last), 0)
    stop = min(int(last) + 1, len(whole)) if first and last else len(whole)
    if start >= len(whole):
        return error(416, "InvalidRange", byte_range)
    return Answer(206, whole[start:stop], {**headers, "Content-Range": f"bytes {start}-{stop - 1}/{len(whole)}"})


def listed(bucket: Bucket, query: Mapping[str, str]) -> Answer:
    """The keys under a prefix; those that go on after the delimiter are one common prefix. All of them in one page."""
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    after = query.get("start-after", "")
    objects: list[str] = []
    folders: dict[str, None] = {}
    for key, stored in bucket.listing(prefix).items():
        folder, found, _ = key.removeprefix(prefix).partition(delimiter) if delimiter else ("", "", "")
        if found:
            folders[f"{prefix}{folder}{delimiter}"] = None
        elif key > after:
            objects.append(_entry(key, stored))
    head = f"<Name>{bucket.name}</Name><Prefix>{escape(prefix)}</Prefix><IsTruncated>false</IsTruncated>"
    count = f"<KeyCount>{len(objects) + len(folders)}</KeyCount><MaxKeys>1000</MaxKeys>"
    return xml("ListBucketResult", head + count + "".join(objects) + _common(folders))


def _entry(key: str, stored: StoredObject) -> str:
    time = stored.modified_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return (
        f"<Contents><Key>{escape(key)}</Key><LastModified>{time}</LastModified><ETag>{escape(stored.etag)}</ETag>"
        f"<Size>{len(stored.content)}</Size><StorageClass>STANDARD</StorageClass></Contents>"
    )


def _common(folders: Iterable[str]) -> str:
    return "".join(f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in folders)


_XML = {"Content-Type": "application/xml"}
