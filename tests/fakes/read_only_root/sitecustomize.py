"""Python that is started with this folder on PYTHONPATH finds the file system read-only, as a container may find it.

What may be written lies below the folders that STAND_IN_WRITABLE names. Only Python is told; what a library writes by
itself is not seen.
"""

import errno
import os
import sys
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Event → the places of paths among its arguments; docs.python.org, "Audit events table".
_PATHS = {
    "open": (0,),
    "os.chmod": (0,),
    "os.link": (1,),
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.utime": (0,),
    "sqlite3.connect": (0,),
}
_WRITABLE = tuple(
    os.path.realpath(folder) + os.sep
    for folder in (*filter(None, os.environ.get("STAND_IN_WRITABLE", "").split(os.pathsep)), "/dev", "/proc")
)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _PATHS or (event == "open" and not arguments[2] & _WRITES):
        return
    for place in _PATHS[event]:
        path = arguments[place]
        if not isinstance(path, (str, bytes, os.PathLike)) or path == ":memory:":
            continue
        real = os.path.realpath(os.fsdecode(path).removeprefix("file:"))
        if not f"{real}{os.sep}".startswith(_WRITABLE) and not _fails_for_another_reason(event, real):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fsdecode(path))


def _fails_for_another_reason(event: str, path: str) -> bool:
    """Linux looks first whether the file is there: what exists is not made, what does not is not removed."""
    there = os.path.lexists(path)
    return there if event == "os.mkdir" else not there and event in {"os.remove", "os.rmdir"}


sys.addaudithook(_refuse)
