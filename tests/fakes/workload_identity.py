"""Tokens by which an issuer vouches for a machine, and what clouds ask of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class IdentityIssuer:
    """Signs tokens that say who somebody is, each for one audience and for minutes."""

    name: str
    key: RSAPrivateKey

    def issue(self, subject: str, audience: str) -> str:
        """A new token."""
        claims = {"iss": self.name, "sub": subject, "aud": audience, "exp": datetime.now(UTC) + _LIFETIME}
        return jwt.encode(claims, self.key, algorithm="RS256")


@dataclass(frozen=True, slots=True)
class Trust:
    """What a cloud takes for the sign-in of one of its users: this subject, vouched for by this issuer to the cloud."""

    issuer: IdentityIssuer
    subject: str
    audiences: Sequence[str]

    def accepts(self, token: str) -> bool:
        """Whether the token says so."""
        try:
            claims = jwt.decode(
                token,
                self.issuer.key.public_key(),
                algorithms=["RS256"],
                audience=self.audiences,
                issuer=self.issuer.name,
            )
        except jwt.InvalidTokenError:
            return False
        return claims["sub"] == self.subject
