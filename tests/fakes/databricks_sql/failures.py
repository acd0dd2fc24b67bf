import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tests.fakes.databricks_sql.sql_error import SqlError, insufficient_privilege
from tests.fakes.databricks_workspace.endpoint import CutConnectionError, Response


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


@dataclass(slots=True)
class _RefusedRequest:
    pattern: str
    response: Response
    times: int


@dataclass(slots=True)
class _Event:
    pattern: str
    happens: Callable[[], object]


class Failures:
    """What goes wrong by plan: each plan names the statements, or requests, that it strikes, and how often it does."""

    def __init__(self) -> None:
        self._cuts: list[_Cut] = []
        self._refusals: list[_Refusal] = []
        self._requests: list[_RefusedRequest] = []
        self._timeouts: list[tuple[str, float]] = []
        self._events: list[_Event] = []
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

    def refuse_request(self, pattern: str, response: Response, times: int) -> None:
        """Answer requests to the workspace with a response of your own; the pattern is found in `METHOD /path`."""
        with self._lock:
            self._requests.append(_RefusedRequest(pattern, response, times))

    def time_out(self, pattern: str, seconds: float) -> None:
        """Give statements that long, whatever the session's own limit."""
        with self._lock:
            self._timeouts.append((pattern, seconds))

    def do_before(self, pattern: str, happens: Callable[[], object]) -> None:
        """Let something happen just before the next statement that matches is taken on, once."""
        with self._lock:
            self._events.append(_Event(pattern, happens))

    def clear(self) -> None:
        """Nothing goes wrong by plan any more."""
        with self._lock:
            self._cuts.clear()
            self._refusals.clear()
            self._requests.clear()
            self._timeouts.clear()
            self._events.clear()

    def happen(self, text: str) -> None:
        """Called before a statement is taken on: what a plan lets happen does."""
        with self._lock:
            due = [event for event in self._events if _found(event.pattern, text)]
            self._events = [event for event in self._events if event not in due]
        for event in due:
            event.happens()

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

    def refusal(self, request: str) -> Response | None:
        """Called for each request to the workspace: what a plan answers it with, None where no plan does."""
        with self._lock:
            for plan in self._requests:
                if plan.times and _found(plan.pattern, request):
                    plan.times -= 1
                    return plan.response
        return None

    def timeout(self, text: str) -> float | None:
        """How long a statement may take by plan, in seconds; None where no plan says."""
        with self._lock:
            return next((seconds for pattern, seconds in self._timeouts if _found(pattern, text)), None)


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
