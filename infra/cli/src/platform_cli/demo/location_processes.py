import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import cast

from platform_cli.demo.location_process import LocationRequest, materialise_location
from platform_cli.demo.messages import Failed, Message

# How long an interrupted process has to mark its run as failed.
_GRACE_SECONDS = 20


def materialise_side_by_side(requests: Sequence[LocationRequest]) -> Iterator[Message]:
    """Materialise code locations, a process for each, and pass on what they say until all have ended."""
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
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=materialise_location, args=(request, theirs), name=request.name)
    process.start()
    # With the last writer gone, the end of the process is the end of the channel.
    theirs.close()
    return ours, (request.name, process)


def _merged(locations: dict[Connection, tuple[str, ForkServerProcess]]) -> Iterator[Message]:
    speaking = set(locations)
    while speaking:
        for channel in cast("list[Connection]", wait(list(speaking))):
            try:
                yield channel.recv()
            except EOFError:
                speaking.discard(channel)
                yield from _last_word(*locations[channel])


def _last_word(name: str, process: ForkServerProcess) -> Iterator[Message]:
    process.join(_GRACE_SECONDS)
    if process.exitcode != 0:
        yield Failed(name, "its process", f"ended with exit code {process.exitcode} before all was built")
