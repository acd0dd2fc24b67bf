"""The deployment's own folder in object storage, which no stack makes or takes away."""

import os
from collections.abc import Iterator
from pathlib import Path

from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.storage_paths import StoragePaths, storage_paths
from pyarrow import fs


def paths(deployment: Deployment) -> StoragePaths:
    """Where in object storage the environment says that the deployment is."""
    return storage_paths(os.environ[EnvironmentVariable.PLATFORM_STORAGE_URI], deployment)


def _folder(deployment: Deployment) -> tuple[fs.FileSystem, str]:
    return fs.FileSystem.from_uri(paths(deployment).home)


def _files(storage: fs.FileSystem, folder: str) -> Iterator[fs.FileInfo]:
    found = storage.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True))
    return (info for info in found if info.type is fs.FileType.File)


def take_over_arrival(deployment: Deployment, landing: Path) -> int:
    """Let each file here have arrived when its like arrived there, since rows say when; how many have one."""
    storage, folder = _folder(deployment)
    root = f"{folder}/landing/"
    dated = 0
    for info in _files(storage, folder):
        file = landing / info.path.removeprefix(root)
        if info.path.startswith(root) and file.is_file():
            os.utime(file, ns=(info.mtime_ns, info.mtime_ns))
            dated += 1
    return dated


def empty(deployment: Deployment) -> list[str]:
    """Delete all that is in the folder; what remains."""
    storage, folder = _folder(deployment)
    for info in list(_files(storage, folder)):
        storage.delete_file(info.path)
    return [info.path for info in _files(storage, folder)]
