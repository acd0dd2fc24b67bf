"""`/Volumes` for a process whose machine has no such folder.

On Databricks volumes are mounted, and scripts open their files by path. Here the file functions of Python itself look
in the folder that stands for the mount; libraries that open files without Python do not see it.
"""

import builtins
import io
import os
from collections.abc import Callable
from typing import Any

_MOUNT = "/Volumes/"
_ONE_PATH = (
    "access chmod listdir lstat mkdir open remove rmdir scandir stat unlink utime".split()  # noqa: SIM905 - reads as prose
)
_TWO_PATHS = ("rename", "replace")


def mount(folder: str) -> None:
    """From now on this process finds `/Volumes` in that folder."""

    def local(path: Any) -> Any:
        text = os.fspath(path) if isinstance(path, os.PathLike) else path
        if isinstance(text, str) and text.startswith(_MOUNT):
            return f"{folder}/{text.removeprefix(_MOUNT)}"
        return path

    opened = _translating(builtins.open, local, 1)
    builtins.open = io.open = opened  # type: ignore[assignment]
    for name in _ONE_PATH:
        setattr(os, name, _translating(getattr(os, name), local, 1))
    for name in _TWO_PATHS:
        setattr(os, name, _translating(getattr(os, name), local, 2))


def _translating(function: Callable[..., Any], local: Callable[[Any], Any], paths: int) -> Callable[..., Any]:
    def translated(*arguments: Any, **named: Any) -> Any:
        return function(*map(local, arguments[:paths]), *arguments[paths:], **named)

    return translated
