import shutil
import time
from email.utils import formatdate
from pathlib import Path

from tests.fakes.databricks_sql.sql_error import SqlError
from tests.fakes.databricks_sql.unity_names import UnityNames
from tests.fakes.databricks_workspace.endpoint import Endpoint, Request, Response, error_response, json_response

_FILES = "/api/2.0/fs/files"
_DIRECTORIES = "/api/2.0/fs/directories"
_DONE = Response(204, b"")


class FilesApi(Endpoint):
    """Files of volumes: upload, download, describe, delete."""

    prefix = _FILES

    def __init__(self, unity: UnityNames) -> None:
        self._unity = unity

    def answer(self, request: Request) -> Response:
        path = request.path.removeprefix(_FILES)
        local = _local_path(self._unity, path)
        if isinstance(local, Response):
            return local
        if request.method == "PUT":
            return _upload(local, request)
        if not local.is_file():
            return error_response(404, "NOT_FOUND", f"The file {path} does not exist.")
        if request.method == "DELETE":
            local.unlink()
            return _DONE
        modified = formatdate(local.stat().st_mtime, usegmt=True)
        return Response(200, local.read_bytes(), headers={"last-modified": modified})


class DirectoriesApi(Endpoint):
    """Folders of volumes: make, describe, list, delete; only an empty one can be deleted."""

    prefix = _DIRECTORIES

    def __init__(self, unity: UnityNames) -> None:
        self._unity = unity

    def answer(self, request: Request) -> Response:
        path = request.path.removeprefix(_DIRECTORIES).rstrip("/")
        local = _local_path(self._unity, path)
        if isinstance(local, Response):
            return local
        if request.method == "PUT":
            local.mkdir(parents=True, exist_ok=True)
            return _DONE
        if not local.is_dir():
            return error_response(404, "NOT_FOUND", f"The directory {path} does not exist.")
        match request.method:
            case "DELETE":
                return _delete(local, path)
            case "HEAD":
                return Response(200, b"")
            case _:
                entries = [_described(entry, path) for entry in sorted(local.iterdir())]
                return json_response({"contents": entries})


def _local_path(unity: UnityNames, path: str) -> Path | Response:
    try:
        local = unity.local_path(path)
    except SqlError as error:
        return error_response(404, "NOT_FOUND", str(error))
    # A volume is no more than its folder, whatever dots a path holds.
    if local is None or not local.resolve().is_relative_to(unity.volumes_root.resolve()):
        return error_response(400, "BAD_REQUEST", f"Invalid path: {path} is in no volume.")
    return local


def _upload(local: Path, request: Request) -> Response:
    if local.exists() and request.query.get("overwrite") != "true":
        return error_response(409, "ALREADY_EXISTS", f"The file {request.path.removeprefix(_FILES)} already exists.")
    local.parent.mkdir(parents=True, exist_ok=True)
    # Written beside its place and moved there: nobody reads half a file.
    fresh = local.with_name(f".{local.name}.{time.monotonic_ns()}")
    fresh.write_bytes(request.body)
    fresh.replace(local)
    return _DONE


def _delete(local: Path, path: str) -> Response:
    if any(local.iterdir()):
        return error_response(400, "DIRECTORY_NOT_EMPTY", f"The directory {path} is not empty.")
    shutil.rmtree(local)
    return _DONE


def _described(entry: Path, folder: str) -> dict[str, object]:
    described: dict[str, object] = {
        "is_directory": entry.is_dir(),
        "last_modified": entry.stat().st_mtime_ns // 1_000_000,
        "name": entry.name,
        "path": f"{folder}/{entry.name}",
    }
    return described if entry.is_dir() else {**described, "file_size": entry.stat().st_size}
