import asyncio
import re
import time

from tests.fakes.snowflake.account_session import AccountSession

_COMMENTS = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_LOCKING = re.compile(rf"{_COMMENTS}(?:update|delete\s+from|merge\s+into)\s+([\w.\"]+)", re.IGNORECASE | re.DOTALL)
_PAUSE_SECONDS = 0.02


class TableLocks:
    """Who may change rows of a table.

    UPDATE, DELETE and MERGE hold a table's lock until their transaction ends, and wait for whoever has it; INSERT and
    COPY wait for nobody (docs.snowflake.com, Transactions, "Resource locking"). A wait ends after LOCK_TIMEOUT.
    """

    def __init__(self) -> None:
        self._holders: dict[str, AccountSession] = {}

    async def take(self, sql: str, session: AccountSession) -> str | None:
        """Wait until the statement may run; None then, or why it may not, in Snowflake's words."""
        matched = _LOCKING.match(sql)
        if matched is None:
            return None
        table = session.full_name(matched[1])
        deadline = time.monotonic() + session.lock_timeout_seconds
        while self._holders.setdefault(table, session) is not session:
            if session.over or time.monotonic() > deadline:
                return _refusal(table, session.lock_timeout_seconds)
            await asyncio.sleep(_PAUSE_SECONDS)
        return None

    def release(self, session: AccountSession) -> None:
        """Let go of all that a session holds: its transaction has ended."""
        self._holders = {table: holder for table, holder in self._holders.items() if holder is not session}


def _refusal(table: str, seconds: float) -> str:
    return (
        f"Another statement has locked table '{table.rpartition('.')[2]}' and this lock has not yet been released. "
        f"Your statement was aborted because it has waited for the lock for {seconds:g} seconds."
    )
