import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PROCESSES = Path("/proc")
_SECONDS = 1.0
_SHARE = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)
_PARENT = re.compile(r"^PPid:\s+(\d+)", re.MULTILINE)


class PeakMemory:
    """The most memory that this process and all its descendants have had at one time, looked at every second.

    What processes share is counted once, so that the sum is what the machine had to have.
    """

    def __init__(self) -> None:
        self.most: int | None = None

    def look(self) -> None:
        """Take the present sum into account."""
        total = sum(_bytes(process) for process in _with_descendants(os.getpid()))
        self.most = max(total, self.most or 0)


@contextmanager
def peak_memory() -> Iterator[PeakMemory]:
    """Measure while the block runs; on a system that does not say, nothing is measured."""
    peak, ended = PeakMemory(), threading.Event()

    def watch() -> None:
        while not ended.wait(_SECONDS):
            peak.look()

    watcher = threading.Thread(target=watch, name="peak-memory", daemon=True)
    if _PROCESSES.is_dir():
        watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        if watcher.ident is not None:
            watcher.join()


def _with_descendants(root: int) -> set[int]:
    parents = {int(found.name): _parent(found) for found in _PROCESSES.iterdir() if found.name.isdigit()}
    family = {root}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    return family


def _parent(process: Path) -> int | None:
    # Any process may end while it is looked at.
    with suppress(OSError):
        matched = _PARENT.search((process / "status").read_text(encoding="utf-8", errors="replace"))
        return int(matched.group(1)) if matched else None
    return None


def _bytes(process: int) -> int:
    with suppress(OSError):
        matched = _SHARE.search((_PROCESSES / str(process) / "smaps_rollup").read_bytes())
        return int(matched.group(1)) * 1024 if matched else 0
    return 0
