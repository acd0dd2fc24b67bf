import secrets
import threading

from tests.fakes.databricks_workspace.endpoint import Request, Response, error_response


class AccessTokens:
    """The tokens that the workspace accepts: personal ones, and those that signing in gives."""

    def __init__(self) -> None:
        self._valid: set[str] = set()
        self._expired: set[str] = set()
        self._lock = threading.Lock()

    def issue(self) -> str:
        """A new token that is valid until it is told to expire."""
        token = f"dapi{secrets.token_hex(16)}"
        with self._lock:
            self._valid.add(token)
        return token

    def expire(self, token: str) -> None:
        """From now on the token is refused."""
        with self._lock:
            self._valid.discard(token)
            self._expired.add(token)

    def expire_all(self) -> None:
        """From now on every token issued so far is refused."""
        with self._lock:
            self._expired |= self._valid
            self._valid.clear()

    def refusal(self, request: Request) -> Response | None:
        """Why the request's token is not accepted, or None where it is."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return error_response(401, "UNAUTHENTICATED", "Credential was not sent or was of an unsupported type")
        if self.is_valid(token):
            return None
        if token in self._expired:
            return error_response(401, "UNAUTHENTICATED", "Token is expired")
        return error_response(403, "PERMISSION_DENIED", "Invalid access token.")

    def is_valid(self, token: str) -> bool:
        """Whether the token is accepted."""
        with self._lock:
            return token in self._valid
