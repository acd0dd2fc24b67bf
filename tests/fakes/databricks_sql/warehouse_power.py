import threading
from collections.abc import Callable
from enum import StrEnum

from tests.fakes.databricks_workspace.endpoint import Response, error_response

_UNAVAILABLE = 503


class PowerState(StrEnum):
    """Whether the warehouse computes."""

    RUNNING = "RUNNING"
    STARTING = "STARTING"
    STOPPED = "STOPPED"


class WarehousePower:
    """A warehouse that stops, and starts again when a client asks for it, which takes a while."""

    def __init__(self) -> None:
        self.on_stop: Callable[[], None] = lambda: None
        self._state = PowerState.RUNNING
        self._refusals: int | None = 0
        self._lock = threading.Lock()

    @property
    def state(self) -> PowerState:
        """What the workspace says of it."""
        return self._state

    def stop(self, refusals: int | None) -> None:
        """Stop it, and end its sessions.

        Args:
            refusals: how many requests it turns away while it starts again; None when it never comes up.
        """
        with self._lock:
            self._state = PowerState.STOPPED
            self._refusals = refusals
        self.on_stop()

    def start(self) -> None:
        """It runs at once."""
        with self._lock:
            self._state = PowerState.RUNNING

    def refusal(self) -> Response | None:
        """What a request gets while the warehouse is not up, None while it is; the first one makes it start."""
        with self._lock:
            if self._state is PowerState.RUNNING:
                return None
            self._state = PowerState.STARTING
            if self._refusals == 0:
                self._state = PowerState.RUNNING
                return None
            if self._refusals is not None:
                self._refusals -= 1
        return _starting()


def _starting() -> Response:
    message = "The SQL warehouse is starting, try again later"
    refused = error_response(_UNAVAILABLE, "TEMPORARILY_UNAVAILABLE", message)
    headers = {
        **refused.headers,
        "Retry-After": "1",
        "x-thriftserver-error-message": f"TEMPORARILY_UNAVAILABLE: {message}",
    }
    return Response(refused.status, refused.body, refused.content_type, headers)
