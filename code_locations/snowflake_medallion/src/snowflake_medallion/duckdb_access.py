import re
import time
from pathlib import Path

import duckdb

# How long to wait for somebody who has a DuckDB file open.
PATIENCE_SECONDS = 30.0

_LOCKED = "Could not set lock"
_HOLDER = re.compile(r"lock is held in (?P<holder>.+? \(PID \d+\))")
_PAUSE_SECONDS = 0.2


class DatabaseBusyError(RuntimeError):
    """Another process keeps a DuckDB file open for longer than we wait."""


def connect_to_write(database: Path, patience_seconds: float) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file, made if need be, as its one writer; wait a while for whoever has it open, even to read.

    Raises:
        DatabaseBusyError: when it is still open elsewhere after `patience_seconds`; the message says where.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    return _connect(database, read_only=False, patience_seconds=patience_seconds)


def connect_to_read(database: Path, patience_seconds: float) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file as one of its readers, and wait a while for a writer to finish.

    Raises:
        DatabaseBusyError: when it is still open elsewhere after `patience_seconds`; the message says where.
    """
    return _connect(database, read_only=True, patience_seconds=patience_seconds)


def _connect(database: Path, read_only: bool, patience_seconds: float) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            return duckdb.connect(database, read_only=read_only)
        except duckdb.IOException as error:
            if _LOCKED not in str(error):
                raise
            if time.monotonic() >= deadline:
                raise DatabaseBusyError(_busy(database, patience_seconds, str(error))) from error
        time.sleep(_PAUSE_SECONDS)


def _busy(database: Path, patience_seconds: float, error: str) -> str:
    found = _HOLDER.search(error)
    holder = found["holder"] if found else "another process"
    return (
        f"{database} has been open in {holder} for the {patience_seconds:g} seconds that we waited, and a DuckDB file "
        "has one writer and no readers beside it: close it there (a notebook, a DuckDB shell, a run) and try again"
    )
