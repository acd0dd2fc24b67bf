from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

_KEY = EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY
_PASSPHRASE = EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE


def is_encrypted(pem: str) -> bool:
    """Whether a private key opens by a passphrase alone."""
    return "ENCRYPTED" in pem


def private_key_der(pem: str, passphrase: str) -> bytes:
    """A service user's private key as Snowflake's connector takes it: DER, PKCS #8, no longer encrypted.

    Args:
        pem: SNOWFLAKE_PRIVATE_KEY, the whole text.
        passphrase: SNOWFLAKE_PRIVATE_KEY_PASSPHRASE; empty for a key that is not encrypted.

    Raises:
        ContractError: when it is no such key, or the passphrase does not open it. Neither appears in the message.
    """
    # Only where a key is used: it comes with Snowflake's connector.
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    encrypted = is_encrypted(pem)
    if encrypted and not passphrase:
        raise ContractError(f"{_KEY} is encrypted: set {_PASSPHRASE} to its passphrase")
    # What the library says of a key may quote it: nothing of that goes on.
    try:
        key = load_pem_private_key(pem.encode(), passphrase.encode() if encrypted else None)
    except (ValueError, TypeError):
        raise _unreadable(encrypted) from None
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _unreadable(encrypted: bool) -> ContractError:
    if encrypted:
        return ContractError(f"{_PASSPHRASE} does not open {_KEY}: set both to what belongs together")
    return ContractError(
        f"{_KEY} is not a private key in PEM (PKCS #8): "
        "set it to the whole text, from '-----BEGIN' to 'KEY-----', line breaks included"
    )
