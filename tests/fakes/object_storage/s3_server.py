# ruff: noqa: N815 - the base class finds methods by their names
"""Object storage: one bucket behind as much of S3's interface as pyarrow and delta-rs speak."""

import re
import sys
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from xml.sax.saxutils import escape

from tests.fakes.http_server import StandInHandler, StandInServer
from tests.fakes.object_storage.bucket import Bucket, PreconditionFailedError
from tests.fakes.object_storage.credentials import ACCESS_KEY_ID
from tests.fakes.object_storage.s3_answers import Answer, described, error, listed, ranged, xml

_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/")
_DELETED_KEY = re.compile(rb"<Key>(.*?)</Key>")


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    key: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class _Handler(StandInHandler):
    protocol_version = "HTTP/1.1"
    bucket: ClassVar[Bucket]

    def _serve(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        bucket, _, key = urllib.parse.unquote(url.path).removeprefix("/").partition("/")
        query = {name: values[0] for name, values in urllib.parse.parse_qs(url.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = _Request(self.command, key, query, headers, self._body(headers))
        signed_by = _CREDENTIAL.match(headers.get("authorization", ""))
        if signed_by is None or signed_by.group(1) != ACCESS_KEY_ID:
            self._write(error(403, "InvalidAccessKeyId", "the access key id does not exist"))
        elif bucket != self.bucket.name:
            self._write(error(404, "NoSuchBucket", bucket))
        else:
            self._write(_of_object(self.bucket, request) if key else _of_bucket(self.bucket, request))

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _serve

    def _body(self, headers: Mapping[str, str]) -> bytes:
        chunked = headers.get("transfer-encoding") == "chunked"
        sent = b"".join(self._chunks()) if chunked else self.rfile.read(int(headers.get("content-length") or 0))
        return _unchunked(sent) if "aws-chunked" in headers.get("content-encoding", "") else sent

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _write(self, answer: Answer) -> None:
        self.send_answer(answer.status, answer.headers, answer.body)


def main(bucket: str) -> None:
    """Serve one empty bucket, kept in memory, until the process is ended; the first line printed is the port."""
    handler = type("Handler", (_Handler,), {"bucket": Bucket(bucket)})
    server = StandInServer(("127.0.0.1", 0), handler)
    print(server.server_port, flush=True)
    server.serve_forever()


def _of_bucket(bucket: Bucket, request: _Request) -> Answer:
    match request.method:
        case "HEAD":
            return Answer(200, b"", {"x-amz-bucket-region": "eu-west-1"})
        case "GET" if request.query.get("list-type") == "2":
            return listed(bucket, request.query)
        case "POST" if "delete" in request.query:
            return _delete_many(bucket, request.body)
        case "POST" if "stand-in-date" in request.query:
            bucket.date(request.query["prefix"], datetime.fromtimestamp(int(request.query["stand-in-date"]), UTC))
            return Answer(204, b"")
    return error(501, "NotImplemented", f"{request.method} of a bucket with {sorted(request.query)}")


def _of_object(bucket: Bucket, request: _Request) -> Answer:
    match request.method:
        case "PUT" if "partNumber" in request.query:
            etag = bucket.put_part(request.query["uploadId"], int(request.query["partNumber"]), request.body)
            return Answer(200, b"", {"ETag": etag})
        case "PUT" if "x-amz-copy-source" not in request.headers:
            return _put(bucket, request, request.body)
        case "POST":
            return _upload_in_parts(bucket, request)
        case "GET" | "HEAD":
            return _get(bucket, request)
        case "DELETE":
            bucket.delete(request.key)
            return Answer(204, b"")
    return error(501, "NotImplemented", f"{request.method} of an object with {sorted(request.query)}")


def _upload_in_parts(bucket: Bucket, request: _Request) -> Answer:
    """Begin an upload, or end it; between the two its parts are put."""
    about = f"<Bucket>{bucket.name}</Bucket><Key>{escape(request.key)}</Key>"
    if "uploadId" not in request.query:
        return xml("InitiateMultipartUploadResult", f"{about}<UploadId>{bucket.begin_upload()}</UploadId>")
    stored = _put(bucket, request, bucket.end_upload(request.query["uploadId"]))
    if "ETag" not in stored.headers:
        return stored
    return xml("CompleteMultipartUploadResult", f"{about}<ETag>{escape(stored.headers['ETag'])}</ETag>")


def _put(bucket: Bucket, request: _Request, content: bytes) -> Answer:
    only_if_new = request.headers.get("if-none-match") == "*"
    try:
        stored = bucket.put(request.key, content, request.headers.get("if-match"), only_if_new)
    except PreconditionFailedError:
        return error(412, "PreconditionFailed", request.key)
    return Answer(200, b"", {"ETag": stored.etag})


def _get(bucket: Bucket, request: _Request) -> Answer:
    stored = bucket.get(request.key)
    if stored is None:
        return error(404, "NoSuchKey", request.key)
    if request.method == "HEAD":
        # The handler leaves the body out, and says how long it is.
        return Answer(200, stored.content, described(stored))
    return ranged(stored, request.headers.get("range"))


def _delete_many(bucket: Bucket, body: bytes) -> Answer:
    for key in _DELETED_KEY.findall(body):
        bucket.delete(key.decode())
    return xml("DeleteResult", "")


def _unchunked(sent: bytes) -> bytes:
    """The content of a body that was signed piece by piece: `<size in hex>;chunk-signature=…`, the piece, and so on."""
    content = bytearray()
    while sent:
        head, _, sent = sent.partition(b"\r\n")
        size = int(head.partition(b";")[0], 16)
        if not size:
            break
        content += sent[:size]
        sent = sent[size + 2 :]
    return bytes(content)


if __name__ == "__main__":
    main(sys.argv[1])
