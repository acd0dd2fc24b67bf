"""The service inside GitHub that tells a job's steps, on asking, who they are."""

import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.http_server import StandInHandler, serving
from tests.fakes.workload_identity import IdentityIssuer

ISSUER = "https://token.actions.githubusercontent.com"


@dataclass(slots=True)
class JobIdentities:
    """Who each job is, by the bearer that its steps find in their environment."""

    issuer: IdentityIssuer
    url: str = ""
    subjects: dict[str, str] = field(default_factory=dict)


class _Handler(StandInHandler):
    identities: ClassVar[JobIdentities]

    def do_GET(self) -> None:  # noqa: N802 - the base class finds methods by their names
        subject = self.identities.subjects.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        if subject is None:
            self.send_json(403, {})
            return
        self.send_json(200, {"value": self.identities.issuer.issue(subject, query["audience"][0])})


@contextmanager
def job_identities() -> Iterator[JobIdentities]:
    """The service, until the block is left."""
    identities = JobIdentities(IdentityIssuer(ISSUER, rsa.generate_private_key(public_exponent=65537, key_size=2048)))
    handler = type("Handler", (_Handler,), {"identities": identities})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    identities.url = f"http://127.0.0.1:{server.server_port}/token?api-version=2.0"
    with serving(server, "job-identities"):
        yield identities
