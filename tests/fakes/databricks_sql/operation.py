import threading
import uuid
from collections.abc import Callable

import pyarrow as pa
from databricks.sql.thrift_api.TCLIService import ttypes

from tests.fakes.databricks_sql.engine_session import EngineError, Result
from tests.fakes.databricks_sql.sql_error import SqlError

type Work = Callable[[str], Result]
"""Computes a result; the argument is the tag under which it can be interrupted."""

_State = ttypes.TOperationState


class Operation:
    """A statement that runs in a thread of its own, from its start until the client has closed it."""

    def __init__(
        self,
        work: Work,
        interrupt: Callable[[str], None],
        in_words: Callable[[str], str],
        ended: Callable[[str | None], None],
    ) -> None:
        self.id = uuid.uuid4()
        self.state: int = _State.RUNNING_STATE
        self.error: str | None = None
        self.result: Result | None = None
        self._offset = 0
        self._work = work
        self._interrupt = interrupt
        self._in_words = in_words
        self._ended = ended
        self._done = threading.Event()
        self._lock = threading.Lock()

    @property
    def tag(self) -> str:
        """What the engine knows the statement by."""
        return self.id.hex

    def start(self, timeout_seconds: float | None) -> None:
        """Begin, and fail by itself when it takes longer than that."""
        threading.Thread(target=self._run, name=f"statement-{self.tag}", daemon=True).start()
        if timeout_seconds is not None:
            timer = threading.Timer(timeout_seconds, self._time_out, [timeout_seconds])
            timer.daemon = True
            timer.start()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, within that time at the latest."""
        return self._done.wait(seconds)

    def cancel(self) -> None:
        """End it where it is."""
        if self._settle(_State.CANCELED_STATE, None, None):
            self._interrupt(self.tag)

    def fail(self, message: str) -> None:
        """End it with an error where it is."""
        if self._settle(_State.ERROR_STATE, message, None):
            self._interrupt(self.tag)

    def page(self, max_rows: int) -> tuple[int, pa.Table, bool]:
        """The next rows: the number of the first, the rows, and whether there are more after them."""
        assert self.result is not None
        first = self._offset
        rows = self.result.rows.slice(first, max_rows)
        self._offset += rows.num_rows
        return first, rows, self._offset < self.result.rows.num_rows

    def _run(self) -> None:
        try:
            result = self._work(self.tag)
        except (SqlError, EngineError) as error:
            self._settle(_State.ERROR_STATE, self._in_words(str(error)), None)
        except Exception as error:  # noqa: BLE001 - the client must hear of it, whatever it is
            self._settle(_State.ERROR_STATE, f"the stand-in failed: {type(error).__name__}: {error}", None)
        else:
            self._settle(_State.FINISHED_STATE, None, result)

    def _time_out(self, seconds: float) -> None:
        limit = f"Timeout: {seconds:g} seconds."
        self.fail(f"[QUERY_EXECUTION_TIMEOUT_EXCEEDED] Query execution timed out. {limit} SQLSTATE: 57KD0")

    def _settle(self, state: int, error: str | None, result: Result | None) -> bool:
        """Whether this is the operation's end; what comes after it no longer counts."""
        with self._lock:
            if self._done.is_set():
                return False
            self.state, self.error, self.result = state, error, result
            self._ended("Canceled" if state == _State.CANCELED_STATE else error)
            self._done.set()
            return True
