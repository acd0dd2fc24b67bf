import re
import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReceivedQuery:
    """A statement as it reached the account: its text verbatim, and the session's own settings at that time."""

    text: str
    user: str
    role: str
    warehouse: str
    query_tag: str


class QueryLog:
    """Everything that clients asked of the account, in order."""

    def __init__(self) -> None:
        self._queries: list[ReceivedQuery] = []
        self._lock = threading.Lock()

    def add(self, query: ReceivedQuery) -> None:
        """Note a statement before anything is done about it."""
        with self._lock:
            self._queries.append(query)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._queries.clear()

    def matching(self, pattern: str) -> list[ReceivedQuery]:
        """The statements in whose text the pattern is found, whatever the letter case."""
        with self._lock:
            return [known for known in self._queries if re.search(pattern, known.text, re.IGNORECASE)]
