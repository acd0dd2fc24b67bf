from collections.abc import Mapping

from platform_contract.environment_variables import EnvironmentVariable
from platform_runtime.snowflake_identity import identity_arguments
from platform_runtime.snowflake_key import private_key_der


def snowflake_sign_in(settings: Mapping[EnvironmentVariable, str], environ: Mapping[str, str]) -> dict[str, object]:
    """How this process signs in to Snowflake, as arguments of `snowflake.connector.connect`.

    Args:
        settings: what `SNOWFLAKE_REQUIREMENTS` asks for: account, user and either a key or an identity provider.
        environ: the process environment, for a key's passphrase or the token of an identity.

    Raises:
        ContractError: when the key cannot be read, or there is no token where one is needed. Neither appears in it.
    """
    account: dict[str, object] = {
        "account": settings[EnvironmentVariable.SNOWFLAKE_ACCOUNT],
        "user": settings[EnvironmentVariable.SNOWFLAKE_USER],
    }
    if EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY not in settings:
        return account | identity_arguments(environ)
    passphrase = environ.get(EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE, "")
    return account | {"private_key": private_key_der(settings[EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY], passphrase)}
