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


@dataclass(frozen=True, slots=True)
class EndedQuery:
    """A statement and what became of it: the code and message of its error, empty where it succeeded."""

    query: ReceivedQuery
    code: str
    message: str


class QueryLog:
    """Everything that clients asked of the account, in order."""

    def __init__(self) -> None:
        self._queries: list[ReceivedQuery] = []
        self._ended: list[EndedQuery] = []
        self._lock = threading.Lock()

    def add(self, query: ReceivedQuery) -> None:
        """Note a statement before anything is done about it."""
        with self._lock:
            self._queries.append(query)

    def end(self, query: ReceivedQuery, code: str, message: str) -> None:
        """Note what became of a statement."""
        with self._lock:
            self._ended.append(EndedQuery(query, code, message))

    def ended(self) -> list[EndedQuery]:
        """Every statement that has ended, in that order."""
        with self._lock:
            return list(self._ended)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._queries.clear()
            self._ended.clear()

    def matching(self, pattern: str) -> list[ReceivedQuery]:
        """The statements in whose text the pattern is found, whatever the letter case."""
        with self._lock:
            return [known for known in self._queries if re.search(pattern, known.text, re.IGNORECASE)]
