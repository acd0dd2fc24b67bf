from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey


@dataclass(frozen=True, slots=True)
class KeyPair:
    """The key of a service user, made for a test."""

    private: "RSAPrivateKey"

    @property
    def public(self) -> "RSAPublicKey":
        """What the account knows of it."""
        return self.private.public_key()

    @property
    def pem(self) -> str:
        """What SNOWFLAKE_PRIVATE_KEY holds."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def encrypted_pem(self, passphrase: str) -> str:
        """The same where the key opens by a passphrase alone."""
        from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

        encryption = BestAvailableEncryption(passphrase.encode())
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


def make_key_pair() -> KeyPair:
    """A new key."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    return KeyPair(rsa.generate_private_key(public_exponent=65537, key_size=2048))
