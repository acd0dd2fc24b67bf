"""An HTTPS proxy that leads host names of clouds to stand-ins on this machine, and leads nowhere else.

With it, clients keep their production settings: the account's or workspace's own host name on port 443. All that is set
for a rehearsal is what a company's network sets anyway, the proxy and the certificate to trust.
"""

import socket
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import ClassVar

_CHUNK = 65536
_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class _Tunnel(socketserver.StreamRequestHandler):
    routes: ClassVar[Mapping[str, int]]
    disable_nagle_algorithm = True

    def handle(self) -> None:
        method, _, rest = self.rfile.readline().decode("latin-1").partition(" ")
        while self.rfile.readline().strip():
            pass
        port = self.routes.get(rest.partition(":")[0]) if method == "CONNECT" else None
        if port is None:
            self.wfile.write(_FORBIDDEN)
            return
        with socket.create_connection(("127.0.0.1", port)) as stand_in:
            stand_in.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.wfile.write(_ESTABLISHED)
            back = threading.Thread(target=_pump, args=[stand_in, self.connection], daemon=True)
            back.start()
            _pump(self.connection, stand_in)
            back.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def cloud_proxy(routes: Mapping[str, int]) -> Iterator[str]:
    """The proxy's address, until the block is left.

    Args:
        routes: port of the stand-in by host name; entries that are added later count.
    """
    handler = type("Tunnel", (_Tunnel,), {"routes": routes})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="cloud-proxy", daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(timeout=10)


def _pump(source: socket.socket, target: socket.socket) -> None:
    # Either side may hang up at any time.
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
