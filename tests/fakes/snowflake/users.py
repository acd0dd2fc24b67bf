import threading
from collections.abc import Iterable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from tests.fakes.workload_identity import Trust


class Users:
    """Service users, their public keys, and who vouches for them; anybody else is turned away.

    A user has one workload identity: what vouches for it next takes the place of what did (docs.snowflake.com,
    "CREATE USER", WORKLOAD_IDENTITY; more than one takes ALTER USER … ADD WORKLOAD IDENTITY, which nothing here does).
    """

    def __init__(self) -> None:
        self._keys: dict[str, list[RSAPublicKey]] = {}
        self._roles: dict[str, frozenset[str]] = {}
        self._trusts: dict[str, Trust] = {}
        self._lock = threading.Lock()

    def register(self, user: str, *keys: RSAPublicKey) -> None:
        """Let a user sign in with any of the keys, two while one is being replaced, and with no other."""
        with self._lock:
            self._keys[user.upper()] = list(keys)

    def trust(self, user: str, trust: Trust) -> None:
        """Let a user sign in by the token of an issuer for one subject, and by no other token."""
        with self._lock:
            self._trusts[user.upper()] = trust

    def limit(self, user: str, roles: Iterable[str]) -> None:
        """Let a user take on these roles and no other; without a limit it may take on any."""
        with self._lock:
            self._roles[user.upper()] = frozenset(roles)

    def forget(self, user: str) -> None:
        """Turn a user away from now on."""
        with self._lock:
            self._keys.pop(user.upper(), None)
            self._roles.pop(user.upper(), None)
            self._trusts.pop(user.upper(), None)

    def role_refusal(self, login: dict[str, Any], role: str) -> str | None:
        """Why somebody may not take on a role when signing in, in Snowflake's words; None where they may."""
        roles = self._roles.get(str(login.get("LOGIN_NAME", "")).upper())
        if roles is None or role.upper() in roles:
            return None
        return f"Role '{role}' specified in the connect string is not granted to this user."

    def refusal(self, login: dict[str, Any]) -> str | None:
        """Why a sign-in is refused, in Snowflake's words; None where it is not."""
        user = str(login.get("LOGIN_NAME", "")).upper()
        if login.get("AUTHENTICATOR") == "WORKLOAD_IDENTITY":
            return self._identity_refusal(user, login)
        if login.get("AUTHENTICATOR") != "SNOWFLAKE_JWT":
            return "Incorrect username or password was specified."
        keys = self._keys.get(user, [])
        return None if any(_is_signed(str(login.get("TOKEN")), key) for key in keys) else "JWT token is invalid."

    def _identity_refusal(self, user: str, login: dict[str, Any]) -> str | None:
        trust = self._trusts.get(user)
        if trust is not None and login.get("PROVIDER") == "OIDC" and trust.accepts(str(login.get("TOKEN"))):
            return None
        return "Workload identity authentication failed. The token is invalid."


def _is_signed(token: str, key: RSAPublicKey) -> bool:
    try:
        jwt.decode(token, key, algorithms=["RS256"])
    except jwt.InvalidTokenError:
        return False
    return True
