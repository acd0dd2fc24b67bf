import re
import threading
from dataclasses import dataclass


@dataclass(slots=True)
class SnowflakeRefusal:
    """A statement that is refused by plan: Snowflake's error number, SQL state and message, and how often."""

    pattern: str
    number: int
    sql_state: str
    message: str
    times: int


class SnowflakeFailures:
    """What goes wrong by plan."""

    def __init__(self) -> None:
        self._refusals: list[SnowflakeRefusal] = []
        self._lock = threading.Lock()

    def deny(self, pattern: str, securable: str, times: int) -> None:
        """Refuse statements for want of a privilege."""
        message = f"SQL access control error:\nInsufficient privileges to operate on {securable}"
        self.refuse(SnowflakeRefusal(pattern, 3001, "42501", message, times))

    def suspend_by_monitor(self, warehouse: str, times: int) -> None:
        """Refuse every statement as a warehouse does whose resource monitor has used up its quota."""
        message = f"Warehouse '{warehouse}' cannot be resumed because resource monitor has exceeded its quota."
        self.refuse(SnowflakeRefusal(".", 90073, "22000", message, times))

    def time_out(self, pattern: str, seconds: int, times: int) -> None:
        """Refuse statements as Snowflake does that ran into their timeout."""
        message = f"Statement reached its statement or warehouse timeout of {seconds} second(s) and was canceled."
        self.refuse(SnowflakeRefusal(pattern, 630, "57014", message, times))

    def refuse(self, refusal: SnowflakeRefusal) -> None:
        """Refuse statements with an error of your own."""
        with self._lock:
            self._refusals.append(refusal)

    def clear(self) -> None:
        """Nothing goes wrong by plan any more."""
        with self._lock:
            self._refusals.clear()

    def strike(self, text: str) -> SnowflakeRefusal | None:
        """The plan that strikes a statement, if one does."""
        with self._lock:
            for plan in self._refusals:
                if plan.times and re.search(plan.pattern, text, re.IGNORECASE):
                    plan.times -= 1
                    return plan
        return None
