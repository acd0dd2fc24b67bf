from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass(frozen=True, slots=True)
class KeyPair:
    """The key of a service user, made for a test."""

    private: rsa.RSAPrivateKey

    @property
    def public(self) -> rsa.RSAPublicKey:
        """What the account knows of it."""
        return self.private.public_key()

    @property
    def pem(self) -> str:
        """What SNOWFLAKE_PRIVATE_KEY holds."""
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        return self.private.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def make_key_pair() -> KeyPair:
    """A new key."""
    return KeyPair(rsa.generate_private_key(public_exponent=65537, key_size=2048))
