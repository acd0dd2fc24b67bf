import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fakes.snowflake.account_session import AccountSession

_KEPT = timedelta(days=64)


class LoadHistory:
    """Which staged files each table was loaded from, by path and content: what COPY skips.

    For 64 days; a table that is made anew, cloned or truncated has none; a transaction that is rolled back leaves none
    (docs.snowflake.com: COPY INTO <table>, "Load metadata" in Preparing to load data, TRUNCATE TABLE). Nothing is
    written down until a load is committed: of two at once neither sees the other, for the documentation promises no
    more.
    """

    def __init__(self) -> None:
        self._loads: dict[str, dict[tuple[str, str], datetime]] = {}
        self._pending: dict[AccountSession, list[tuple[str, str, str]]] = {}

    def knows(self, table: str, file: Path, digest: str) -> bool:
        """Whether the table was loaded from the file as it is now."""
        loaded_at = self._loads.get(table, {}).get((str(file), digest))
        return loaded_at is not None and datetime.now(UTC) - loaded_at < _KEPT

    def add(self, session: AccountSession, table: str, file: Path, digest: str) -> None:
        """Note a load, which counts once it is committed."""
        self._pending.setdefault(session, []).append((table, str(file), digest))

    def settle(self, session: AccountSession, committed: bool) -> None:
        """The session's transaction has ended."""
        for table, file, digest in self._pending.pop(session, []):
            if committed:
                self._loads.setdefault(table, {})[file, digest] = datetime.now(UTC)

    def forget(self, table: str) -> None:
        """The table was made anew, or truncated."""
        self._loads.pop(table, None)

    def age(self, by: timedelta) -> None:
        """Let time pass."""
        self._loads = {
            table: {file: loaded_at - by for file, loaded_at in files.items()} for table, files in self._loads.items()
        }


def content_digest(file: Path) -> str:
    """What tells of a staged file whether it has changed: its ETag, the hash of its bytes."""
    return hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
