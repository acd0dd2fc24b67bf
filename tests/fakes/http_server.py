"""What every stand-in that speaks HTTP has in common."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class StandInHandler(BaseHTTPRequestHandler):
    """Answers requests without a word of its own, and each answer goes out whole and at once.

    In two pieces, headers and body, the second would wait until the client's side has acknowledged the first.
    """

    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass

    def send_answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Send an answer; its length goes with it, its body only to who asked for one."""
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_json(self, status: int, content: object) -> None:
        """Send what JSON can say."""
        self.send_answer(status, {"Content-Type": "application/json"}, json.dumps(content).encode())


class StandInServer(ThreadingHTTPServer):
    """A server to which a client that goes away is no news."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def serving(server: ThreadingHTTPServer, name: str) -> Iterator[None]:
    """Serve in a thread of that name, until the block is left."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
