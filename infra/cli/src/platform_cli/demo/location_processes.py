import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import cast

from platform_cli.demo.arrivals import Arrivals
from platform_cli.demo.location_process import LocationRequest, materialise_location
from platform_cli.demo.messages import Failed, Message

# How long an interrupted process has to mark its run as failed.
_GRACE_SECONDS = 20


def materialise_side_by_side(requests: Sequence[LocationRequest]) -> Iterator[Message]:
    """Materialise code locations, a process for each, and pass on what they say until all have ended.

    What reads a table of another location is materialised after it; all the rest goes on meanwhile.
    """
    with _processes(requests) as locations:
        yield from _merged(locations)


@contextmanager
def _processes(requests: Sequence[LocationRequest]) -> Iterator[dict[Connection, tuple[str, ForkServerProcess]]]:
    started = dict(_start(request) for request in requests)
    try:
        yield started
    finally:
        for _, process in started.values():
            process.join(_GRACE_SECONDS)
            process.kill()


def _start(request: LocationRequest) -> tuple[Connection, tuple[str, ForkServerProcess]]:
    # One server imports Dagster, and every location's process starts as a copy of it.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["platform_cli.demo.location_run"])
    ours, theirs = context.Pipe()
    process = context.Process(target=materialise_location, args=(request, theirs), name=request.name)
    process.start()
    # With the last writer gone, the end of the process is the end of the channel.
    theirs.close()
    return ours, (request.name, process)


def _merged(locations: dict[Connection, tuple[str, ForkServerProcess]]) -> Iterator[Message]:
    speaking = set(locations)
    arrivals = Arrivals(name for name, _ in locations.values())
    while speaking:
        for channel in cast("list[Connection]", wait(list(speaking))):
            try:
                message = channel.recv()
            except (EOFError, ConnectionResetError):
                speaking.discard(channel)
                arrivals.note_end(locations[channel][0])
                yield from _last_word(*locations[channel])
            else:
                arrivals.note(message)
                yield message
        _answer(locations, arrivals)


def _answer(locations: dict[Connection, tuple[str, ForkServerProcess]], arrivals: Arrivals) -> None:
    channels = {name: channel for channel, (name, _) in locations.items()}
    for name, tables in arrivals.answers().items():
        # A process that has ended meanwhile says so itself.
        with suppress(BrokenPipeError, ConnectionResetError):
            channels[name].send(tables)


def _last_word(name: str, process: ForkServerProcess) -> Iterator[Message]:
    process.join(_GRACE_SECONDS)
    if process.exitcode != 0:
        yield Failed(name, "its process", f"ended with exit code {process.exitcode} before all was built")
