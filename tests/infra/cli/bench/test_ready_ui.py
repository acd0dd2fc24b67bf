import os
import sys
from pathlib import Path

import click
import pytest
from platform_cli.bench.ready_ui import UserInterface, free_port, seconds_until_loaded
from platform_cli.ports import is_free

# A web server that answers as Dagster's does: after DELAY seconds its locations have loaded, as what TYPENAME says.
SERVER = """
import http.server, json, os, sys, time

started = time.monotonic()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        assert "locationEntries" in self.rfile.read(int(self.headers["content-length"])).decode()
        loaded = time.monotonic() - started > float(os.environ["DELAY"])
        entry = {"loadStatus": "LOADING", "locationOrLoadError": None}
        if loaded:
            entry = {"loadStatus": "LOADED", "locationOrLoadError": {"__typename": os.environ["TYPENAME"]}}
        body = json.dumps({"data": {"workspaceOrError": {"locationEntries": [entry, entry]}}}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


try:
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
except KeyboardInterrupt:
    print("stopped as by Ctrl-C", flush=True)
"""


def ui(folder: Path, script: str, locations: int, delay: float, typename: str) -> UserInterface:
    port = free_port()
    # A shell in between, as make is: only a signal to the whole group reaches the server.
    restored = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    program = folder / "server.py"
    program.write_text(restored + script, encoding="utf-8")
    return UserInterface(
        command=("sh", "-c", f'"{sys.executable}" "{program}" {port}; exit $?'),
        port=port,
        locations=locations,
        folder=folder,
        environment={**os.environ, "DELAY": str(delay), "TYPENAME": typename},
        log=folder / "log",
    )


def test_it_waits_for_every_location_and_stops_the_server(tmp_path: Path) -> None:
    measured = ui(tmp_path, SERVER, locations=2, delay=0.7, typename="RepositoryLocation")
    assert 0.7 < seconds_until_loaded(measured) < 20
    assert is_free("127.0.0.1", measured.port)
    assert measured.log.read_text(encoding="utf-8") == "stopped as by Ctrl-C\n"


def test_a_location_that_does_not_load_is_an_error(tmp_path: Path) -> None:
    measured = ui(tmp_path, SERVER, locations=2, delay=0, typename="PythonError")
    with pytest.raises(click.ClickException, match="a code location does not load"):
        seconds_until_loaded(measured)
    assert is_free("127.0.0.1", measured.port)


def test_a_server_that_ends_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    measured = ui(tmp_path, "raise SystemExit('no such workspace')", locations=2, delay=0, typename="")
    with pytest.raises(click.ClickException, match="did not load 2 code locations:\nno such workspace"):
        seconds_until_loaded(measured)
