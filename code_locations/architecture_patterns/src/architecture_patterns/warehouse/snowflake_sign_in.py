from collections.abc import Mapping

from platform_contract.environment_variables import EnvironmentVariable
from platform_runtime.snowflake_key import private_key_der


def snowflake_sign_in(settings: Mapping[EnvironmentVariable, str], passphrase: str) -> dict[str, object]:
    """How this process signs in to Snowflake, as arguments of `snowflake.connector.connect`.

    Args:
        settings: what `SNOWFLAKE_REQUIREMENTS` asks for: account, user and either a key or an identity provider.
        passphrase: SNOWFLAKE_PRIVATE_KEY_PASSPHRASE; empty for a key that is not encrypted.

    Raises:
        ContractError: when the key cannot be read. The key itself never appears in the message.
    """
    account: dict[str, object] = {
        "account": settings[EnvironmentVariable.SNOWFLAKE_ACCOUNT],
        "user": settings[EnvironmentVariable.SNOWFLAKE_USER],
    }
    if EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY not in settings:
        provider = settings[EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER]
        return account | {"authenticator": "WORKLOAD_IDENTITY", "workload_identity_provider": provider}
    return account | {"private_key": private_key_der(settings[EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY], passphrase)}
