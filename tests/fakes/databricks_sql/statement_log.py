import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReceivedStatement:
    """A statement as it reached the warehouse: its text verbatim, and what was sent beside it.

    `parameters` holds the type and the text of each value by name, `configuration` the session's own settings.
    """

    text: str
    parameters: Mapping[str, tuple[str, str | None]]
    query_tags: str | None
    configuration: Mapping[str, str]
    session: str
    received_at: float


class StatementLog:
    """Everything that clients asked of the warehouse, in order."""

    def __init__(self) -> None:
        self.statements: list[ReceivedStatement] = []
        self.cancelled: list[str] = []
        self._ended: list[tuple[str, str | None]] = []
        self._changed = threading.Condition()

    def add(self, statement: ReceivedStatement) -> None:
        """Note a statement before anything is done about it."""
        with self._changed:
            self.statements.append(statement)
            self._changed.notify_all()

    def add_cancelled(self, text: str) -> None:
        """Note that a client had a statement cancelled."""
        with self._changed:
            self.cancelled.append(text)
            self._changed.notify_all()

    def add_ended(self, text: str, error: str | None) -> None:
        """Note what became of a statement: its error, None where it succeeded."""
        with self._changed:
            self._ended.append((text, error))

    def ended(self) -> list[tuple[str, str | None]]:
        """Every statement that has ended, with its error."""
        with self._changed:
            return list(self._ended)

    def clear(self) -> None:
        """Forget everything."""
        with self._changed:
            self.statements.clear()
            self.cancelled.clear()
            self._ended.clear()

    def matching(self, pattern: str) -> list[ReceivedStatement]:
        """The statements in whose text the pattern is found, whatever the letter case."""
        with self._changed:
            return [known for known in self.statements if re.search(pattern, known.text, re.IGNORECASE)]

    def wait_for(self, pattern: str, seconds: float) -> ReceivedStatement:
        """The first statement that matches, as soon as it is there; raises TimeoutError where none comes in time."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not (found := self.matching(pattern)):
                if not self._changed.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"no statement matched {pattern!r} within {seconds} s")
        return found[0]
