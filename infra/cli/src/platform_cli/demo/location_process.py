"""The process of one code location: it loads the location, materialises all of it and says so as it goes."""

import os
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from platform_cli.demo.work import Work
from platform_cli.workplace import Workplace


@dataclass(frozen=True, slots=True)
class LocationRequest:
    """Which code location to get the tables of, where and how."""

    name: str
    workplace: Workplace
    work: Work

    @property
    def log_file(self) -> Path:
        """Where everything goes that the location prints."""
        return self.workplace.paths.logs / f"{self.name}.log"


def materialise_location(request: LocationRequest, channel: Connection) -> None:
    """Materialise every asset of a code location, and send what happens; the channel answers when it waits."""
    # The process that starts this one needs nothing of Dagster; the fork server has imported it already.
    from platform_cli.demo.location_run import materialise_everything  # noqa: PLC0415

    workplace = request.workplace
    os.environ.update(workplace.environment)
    os.chdir(workplace.checkout)
    _send_output_to(request.log_file)
    home = workplace.paths.dagster_home
    for message in materialise_everything(workplace.workspace_file, request.name, home, request.work, channel.recv):
        channel.send(message)


def _send_output_to(log_file: Path) -> None:
    """Let what the location and its subprocesses print go to the log, and not between the bars of the progress."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    log = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
