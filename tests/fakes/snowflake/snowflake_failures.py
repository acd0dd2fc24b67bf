import re
import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class SnowflakeRefusal:
    """A statement that is refused by plan: Snowflake's error number, SQL state and message, and how often."""

    pattern: str
    number: int
    sql_state: str
    message: str
    times: int


@dataclass(slots=True)
class Cut:
    """A statement whose connection breaks by plan: once it has run, or before it has arrived."""

    pattern: str
    has_run: bool
    times: int


@dataclass(slots=True)
class Hold:
    """A statement that runs for ever by plan, until its client cancels it or ends its session."""

    pattern: str
    begun: threading.Event = field(default_factory=threading.Event)
    ended_by: str = ""
    request: str = ""
    token: str = ""


class SnowflakeFailures:
    """What goes wrong by plan."""

    def __init__(self) -> None:
        self._refusals: list[SnowflakeRefusal] = []
        self._cuts: list[Cut] = []
        self._holds: list[Hold] = []
        self._lock = threading.Lock()

    def deny(self, pattern: str, securable: str, times: int) -> None:
        """Refuse statements for want of a privilege."""
        message = f"SQL access control error:\nInsufficient privileges to operate on {securable}"
        self.refuse(SnowflakeRefusal(pattern, 3001, "42501", message, times))

    def suspend_by_monitor(self, warehouse: str, times: int) -> None:
        """Refuse every statement as a warehouse does whose resource monitor has used up its quota."""
        message = f"Warehouse '{warehouse}' cannot be resumed because resource monitor has exceeded its quota."
        self.refuse(SnowflakeRefusal(".", 90073, "22000", message, times))

    def suspend(self, pattern: str, times: int) -> None:
        """Refuse statements as a session does whose warehouse is suspended, or hidden from its role."""
        message = (
            "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse'"
            " command."
        )
        self.refuse(SnowflakeRefusal(pattern, 606, "57P03", message, times))

    def time_out(self, pattern: str, seconds: int, times: int) -> None:
        """Refuse statements as Snowflake does that ran into their timeout, running or in the warehouse's queue."""
        message = f"Statement reached its statement or warehouse timeout of {seconds} second(s) and was canceled."
        self.refuse(SnowflakeRefusal(pattern, 630, "57014", message, times))

    def refuse(self, refusal: SnowflakeRefusal) -> None:
        """Refuse statements with an error of your own."""
        with self._lock:
            self._refusals.append(refusal)

    def cut(self, pattern: str, has_run: bool, times: int) -> None:
        """Break the connection of statements, before or after they have run, and answer nothing."""
        with self._lock:
            self._cuts.append(Cut(pattern, has_run, times))

    def hold(self, pattern: str) -> Hold:
        """Let the next such statement run until its client ends it; nothing of it is done."""
        hold = Hold(pattern)
        with self._lock:
            self._holds.append(hold)
        return hold

    def clear(self) -> None:
        """Nothing goes wrong by plan any more."""
        with self._lock:
            self._refusals.clear()
            self._cuts.clear()
            self._end(self._holds, "the test's end")
            self._holds.clear()

    def strike(self, text: str) -> SnowflakeRefusal | None:
        """The plan that strikes a statement, if one does."""
        with self._lock:
            for plan in self._refusals:
                if plan.times and re.search(plan.pattern, text, re.IGNORECASE):
                    plan.times -= 1
                    return plan
        return None

    def cuts(self, text: str) -> Cut | None:
        """The plan that breaks a statement's connection, if one does."""
        with self._lock:
            for plan in self._cuts:
                if plan.times and re.search(plan.pattern, text, re.IGNORECASE):
                    plan.times -= 1
                    return plan
        return None

    def holds(self, text: str, request: str, token: str) -> Hold | None:
        """The plan that holds a statement, if one does; from now on it has begun."""
        with self._lock:
            for plan in self._holds:
                if not plan.begun.is_set() and re.search(plan.pattern, text, re.IGNORECASE):
                    plan.request, plan.token = request, token
                    plan.begun.set()
                    return plan
        return None

    def cancel(self, request: str) -> None:
        """End the held statement of a request."""
        with self._lock:
            self._end([plan for plan in self._holds if plan.request == request], "cancellation")

    def end_session(self, token: str) -> None:
        """End the held statements of a session."""
        with self._lock:
            self._end([plan for plan in self._holds if plan.token == token], "the session's end")

    @staticmethod
    def _end(holds: list[Hold], by: str) -> None:
        for plan in holds:
            plan.ended_by = plan.ended_by or by
