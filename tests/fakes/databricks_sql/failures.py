import re
import threading
from dataclasses import dataclass
from enum import StrEnum

from tests.fakes.databricks_sql.sql_error import SqlError, insufficient_privilege
from tests.fakes.databricks_workspace.endpoint import CutConnectionError


class Moment(StrEnum):
    """When a connection breaks: before the call does anything, or when it has done all but answer."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(slots=True)
class _Cut:
    call: str
    pattern: str
    moment: Moment
    times: int


@dataclass(slots=True)
class _Refusal:
    pattern: str
    error: SqlError
    times: int


class Failures:
    """What goes wrong by plan: each plan names the statements it strikes, and how often it does."""

    def __init__(self) -> None:
        self._cuts: list[_Cut] = []
        self._refusals: list[_Refusal] = []
        self._timeouts: list[tuple[str, float]] = []
        self._lock = threading.Lock()

    def cut_connection(self, call: str, pattern: str, moment: Moment, times: int) -> None:
        """Break the connection of a call.

        Args:
            call: name of the call on the wire, such as `ExecuteStatement`, `GetOperationStatus` or `FetchResults`.
            pattern: found in the text of the statements that it strikes.
            moment: before the call does anything, or after it has done all but answer.
            times: how often.
        """
        with self._lock:
            self._cuts.append(_Cut(call, pattern, moment, times))

    def deny(self, pattern: str, privilege: str, securable: str, times: int) -> None:
        """Refuse statements for want of a privilege, as Unity Catalog does."""
        self.refuse(pattern, insufficient_privilege(privilege, securable), times)

    def refuse(self, pattern: str, error: SqlError, times: int) -> None:
        """Refuse statements with an error of your own."""
        with self._lock:
            self._refusals.append(_Refusal(pattern, error, times))

    def time_out(self, pattern: str, seconds: float) -> None:
        """Give statements that long, whatever the session's own limit."""
        with self._lock:
            self._timeouts.append((pattern, seconds))

    def clear(self) -> None:
        """Nothing goes wrong by plan any more."""
        with self._lock:
            self._cuts.clear()
            self._refusals.clear()
            self._timeouts.clear()

    def strike_connection(self, call: str, text: str, moment: Moment) -> None:
        """Called at each moment of each call; raises CutConnectionError when a plan says so."""
        with self._lock:
            for plan in self._cuts:
                if plan.times and (plan.call, plan.moment) == (call, moment) and _found(plan.pattern, text):
                    plan.times -= 1
                    raise CutConnectionError

    def strike_statement(self, text: str) -> None:
        """Called for each statement; raises the SqlError that a plan names."""
        with self._lock:
            for plan in self._refusals:
                if plan.times and _found(plan.pattern, text):
                    plan.times -= 1
                    raise plan.error

    def timeout(self, text: str) -> float | None:
        """How long a statement may take by plan, in seconds; None where no plan says."""
        with self._lock:
            return next((seconds for pattern, seconds in self._timeouts if _found(pattern, text)), None)


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
