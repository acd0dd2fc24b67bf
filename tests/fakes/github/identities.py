"""The service inside GitHub that tells a job's steps, on asking, who they are."""

import json
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.workload_identity import IdentityIssuer

ISSUER = "https://token.actions.githubusercontent.com"


@dataclass(slots=True)
class JobIdentities:
    """Who each job is, by the bearer that its steps find in their environment."""

    issuer: IdentityIssuer
    url: str = ""
    subjects: dict[str, str] = field(default_factory=dict)


class _Handler(BaseHTTPRequestHandler):
    identities: ClassVar[JobIdentities]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass

    def do_GET(self) -> None:
        subject = self.identities.subjects.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        if subject is None:
            self._send(403, {})
            return
        self._send(200, {"value": self.identities.issuer.issue(subject, query["audience"][0])})

    def _send(self, status: int, content: dict[str, str]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def job_identities() -> Iterator[JobIdentities]:
    """The service, until the block is left."""
    identities = JobIdentities(IdentityIssuer(ISSUER, rsa.generate_private_key(public_exponent=65537, key_size=2048)))
    handler = type("Handler", (_Handler,), {"identities": identities})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    identities.url = f"http://127.0.0.1:{server.server_port}/token?api-version=2.0"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield identities
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
