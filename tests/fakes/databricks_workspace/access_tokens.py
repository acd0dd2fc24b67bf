import math
import secrets
import threading
import time

import jwt

from tests.fakes.databricks_workspace.endpoint import Request, Response, error_response


class AccessTokens:
    """The tokens that the workspace accepts: personal ones, and those that signing in gives."""

    def __init__(self) -> None:
        # Until when each token is good, by the clock that never goes back.
        self._good_until: dict[str, float] = {}
        self._key = secrets.token_hex(32)
        self._lock = threading.Lock()

    def issue(self) -> str:
        """A new personal token that is valid until it is told to expire."""
        return self._remembered(f"dapi{secrets.token_hex(16)}", math.inf)

    def issue_for(self, seconds: float, issuer: str) -> str:
        """A new token of OAuth that is valid for so long, and says so: clients read its `exp` and `iss`."""
        claims = {"iss": issuer, "exp": time.time() + seconds, "jti": secrets.token_hex(16)}
        return self._remembered(jwt.encode(claims, self._key, algorithm="HS256"), seconds)

    def _remembered(self, token: str, seconds: float) -> str:
        with self._lock:
            self._good_until[token] = time.monotonic() + seconds
        return token

    @property
    def issued(self) -> int:
        """How many tokens have been issued."""
        return len(self._good_until)

    def expire(self, token: str) -> None:
        """From now on the token is refused."""
        with self._lock:
            self._good_until[token] = -math.inf

    def expire_all(self) -> None:
        """From now on every token issued so far is refused."""
        with self._lock:
            self._good_until = dict.fromkeys(self._good_until, -math.inf)

    def refusal(self, request: Request) -> Response | None:
        """Why the request's token is not accepted, or None where it is."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return error_response(401, "UNAUTHENTICATED", "Credential was not sent or was of an unsupported type")
        if self.is_valid(token):
            return None
        if token in self._good_until:
            return error_response(401, "UNAUTHENTICATED", "Token is expired")
        return error_response(403, "PERMISSION_DENIED", "Invalid access token.")

    def is_valid(self, token: str) -> bool:
        """Whether the token is accepted."""
        with self._lock:
            return time.monotonic() < self._good_until.get(token, -math.inf)
