import base64
import binascii
from collections.abc import Mapping

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError


def snowflake_sign_in(settings: Mapping[EnvironmentVariable, str], passphrase: str) -> dict[str, object]:
    """How this process signs in to Snowflake, as arguments of `snowflake.connector.connect`.

    Args:
        settings: what `SNOWFLAKE_REQUIREMENTS` asks for: account, user and either a key or an identity provider.
        passphrase: SNOWFLAKE_PRIVATE_KEY_PASSPHRASE; empty for a key that is not encrypted.

    Raises:
        ContractError: when the key is not PEM. The key itself never appears in the message.
    """
    account: dict[str, object] = {
        "account": settings[EnvironmentVariable.SNOWFLAKE_ACCOUNT],
        "user": settings[EnvironmentVariable.SNOWFLAKE_USER],
    }
    if EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY not in settings:
        provider = settings[EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER]
        return account | {"authenticator": "WORKLOAD_IDENTITY", "workload_identity_provider": provider}
    key = _der(settings[EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY])
    return account | {"private_key": key, "private_key_passphrase": passphrase.encode() or None}


def _der(pem: str) -> bytes:
    lines = [line.strip() for line in pem.strip().splitlines()]
    if not (lines and lines[0].startswith("-----BEGIN ") and lines[-1].startswith("-----END ")):
        raise _not_pem()
    try:
        return base64.b64decode("".join(lines[1:-1]), validate=True)
    except binascii.Error:
        raise _not_pem() from None


def _not_pem() -> ContractError:
    return ContractError(
        f"{EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY} is not a private key in PEM (PKCS #8): "
        "set it to the whole text, from '-----BEGIN' to 'KEY-----', line breaks included"
    )
