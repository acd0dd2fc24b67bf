"""Tokens by which an issuer vouches for a machine, and what clouds ask of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_LIFETIME_OF_A_JOBS_TOKEN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class IdentityIssuer:
    """Signs tokens that say who somebody is, each for one audience and for a while."""

    name: str
    key: RSAPrivateKey

    def issue(self, subject: str, audience: str) -> str:
        """A new token, of the life that GitHub gives it."""
        return self.issue_for(subject, audience, _LIFETIME_OF_A_JOBS_TOKEN)

    def issue_for(self, subject: str, audience: str, lifetime: timedelta) -> str:
        """A new token that lives so long; one of a negative life has expired."""
        claims = {"iss": self.name, "sub": subject, "aud": audience, "exp": datetime.now(UTC) + lifetime}
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
