# ruff: noqa: N815 - the base class finds methods by their names
import ssl
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from tests.fakes.databricks_sql.failures import Failures
from tests.fakes.databricks_workspace.access_tokens import AccessTokens
from tests.fakes.databricks_workspace.endpoint import (
    CutConnectionError,
    Endpoint,
    Request,
    Response,
    error_response,
)
from tests.fakes.http_server import StandInHandler, StandInServer, serving
from tests.fakes.tls_certificate import Certificate


class _Handler(StandInHandler):
    protocol_version = "HTTP/1.1"
    endpoints: ClassVar[Sequence[Endpoint]]
    tokens: ClassVar[AccessTokens]
    failures: ClassVar[Failures]

    def _answer(self) -> None:
        try:
            response = self._respond(self._read())
        except CutConnectionError:
            self.close_connection = True
            self.connection.close()
            return
        except Exception as error:  # noqa: BLE001 - a client that hears nothing would try again and again
            self.close_connection = True
            response = error_response(500, "INTERNAL_ERROR", f"the stand-in failed: {type(error).__name__}: {error}")
        self._write(response)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answer

    def _read(self) -> Request:
        url = urllib.parse.urlsplit(self.path)
        query = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, urllib.parse.unquote(url.path), query, headers, self._body(headers))

    def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") == "chunked":
            return b"".join(self._chunks())
        return self.rfile.read(int(headers.get("content-length") or 0))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _respond(self, request: Request) -> Response:
        endpoint = next((known for known in self.endpoints if request.path.startswith(known.prefix)), None)
        if endpoint is None:
            return error_response(404, "ENDPOINT_NOT_FOUND", f"No API found for {request.method} {request.path}")
        refused = self.tokens.refusal(request) if endpoint.needs_token else None
        return refused or self.failures.refusal(f"{request.method} {request.path}") or endpoint.answer(request)

    def _write(self, response: Response) -> None:
        headers = {name: value.replace("\n", " ") for name, value in response.headers.items()}
        self.send_answer(response.status, {**headers, "Content-Type": response.content_type}, response.body)


@contextmanager
def serve_https(
    endpoints: Sequence[Endpoint], tokens: AccessTokens, failures: Failures, certificate: Certificate
) -> Iterator[int]:
    """The port on which the endpoints are served, over TLS, until the block is left."""
    handler = type("Handler", (_Handler,), {"endpoints": tuple(endpoints), "tokens": tokens, "failures": failures})
    server = StandInServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate_file, certificate.key_file)
    # The handshake is left to the connection's own thread: in the accepting one, a slow client would stop all others.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with serving(server, "databricks-workspace"):
        yield server.server_port
