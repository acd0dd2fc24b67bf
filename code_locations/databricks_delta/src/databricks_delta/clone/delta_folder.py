import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable

_LOG = "_delta_log"
_LAST_CHECKPOINT = "_last_checkpoint"
_VERSION = re.compile(r"([0-9]{20})[.]")


def copy_delta_table(source: Path, target: Path) -> int:
    """Put a copy of a Delta table, as it is now, in place of whatever the target folder holds.

    The copy has the table's log up to that version and the files that the version consists of, so it goes on from
    there; versions before it cannot be read. It is made beside the target and then renamed: whoever is killed on the
    way leaves the table whole or not there, and the next copy clears away what was left.

    Returns:
        The version that was copied.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _clear_remains(target)
    stored = DeltaTable(source)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=_prefix(target)) as folder:
        arriving = Path(folder) / "arriving"
        for file in _files(stored, source):
            (arriving / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / file, arriving / file)
        if target.exists():
            target.rename(Path(folder) / "replaced")
        arriving.rename(target)
    return stored.version()


def _prefix(target: Path) -> str:
    return f".clone-of-{target.name}-"


def _clear_remains(target: Path) -> None:
    for folder in target.parent.glob(f"{_prefix(target)}*"):
        shutil.rmtree(folder)


def _files(stored: DeltaTable, folder: Path) -> Iterator[Path]:
    """What the version consists of, relative to the table's folder: data first, then the log that names it."""
    for path in pa.table(stored.get_add_actions(flatten=True))["path"].to_pylist():
        yield Path(unquote(path))
    for file in sorted((folder / _LOG).iterdir()):
        if _is_of(file, stored.version()):
            yield file.relative_to(folder)


def _is_of(file: Path, version: int) -> bool:
    """Another process may commit while this one copies: what came after the version is left out."""
    if file.name == _LAST_CHECKPOINT:
        return int(json.loads(file.read_text(encoding="utf-8"))["version"]) <= version
    numbered = _VERSION.match(file.name)
    return numbered is not None and int(numbered[1]) <= version
