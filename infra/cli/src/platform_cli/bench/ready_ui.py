import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import click

_QUERY = "{workspaceOrError{... on Workspace{locationEntries{loadStatus locationOrLoadError{__typename}}}}}"
_PATIENCE_SECONDS = 600
_STOP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class UserInterface:
    """How to start a Dagster UI, and how many code locations it should then show."""

    command: tuple[str, ...]
    port: int
    locations: int
    folder: Path
    environment: dict[str, str]
    log: Path


def seconds_until_loaded(ui: UserInterface) -> float:
    """Start a Dagster UI, wait until it has loaded its code locations, stop it as Ctrl-C would.

    Raises:
        click.ClickException: when a location does not load, or not all are there in ten minutes.
    """
    with ui.log.open("w", encoding="utf-8") as log:
        began = time.monotonic()
        server = subprocess.Popen(
            ui.command, cwd=ui.folder, env=ui.environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait(server, ui, began)
            return time.monotonic() - began
        finally:
            _stop(server)


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(server: subprocess.Popen[bytes], ui: UserInterface, began: float) -> None:
    while _loaded(ui.port) < ui.locations:
        if server.poll() is not None or time.monotonic() - began > _PATIENCE_SECONDS:
            tail = "\n".join(ui.log.read_text(encoding="utf-8").splitlines()[-20:])
            raise click.ClickException(f"the Dagster UI did not load {ui.locations} code locations:\n{tail}")
        time.sleep(0.2)


def _loaded(port: int) -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": _QUERY}).encode(),
        {"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            entries = json.load(answer)["data"]["workspaceOrError"]["locationEntries"]
    except OSError:
        return 0
    return sum(_is_loaded(entry) for entry in entries)


def _is_loaded(entry: dict[str, dict[str, str] | str | None]) -> bool:
    location = entry["locationOrLoadError"]
    if not isinstance(location, dict):
        return False
    if location["__typename"] != "RepositoryLocation":
        raise click.ClickException(f"a code location does not load: {entry}")
    return entry["loadStatus"] == "LOADED"


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Interrupt the whole group, as a terminal does."""
    for interruption in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if server.poll() is not None:
            return
        os.killpg(server.pid, interruption)
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
