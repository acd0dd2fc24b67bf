from collections.abc import Mapping
from pathlib import Path

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

_PROVIDER = EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER
_TOKEN = EnvironmentVariable.SNOWFLAKE_TOKEN
_FILE = EnvironmentVariable.SNOWFLAKE_TOKEN_FILE_PATH
_BY_TOKEN = "OIDC"  # noqa: S105 - a name, not a secret


def identity_arguments(environ: Mapping[str, str]) -> dict[str, str]:
    """How a process signs in by workload identity, as arguments of `snowflake.connector.connect`.

    Ask again for each sign-in: the file is replaced before the token in it expires.

    Args:
        environ: the process environment, which has SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER.

    Raises:
        ContractError: when the provider goes by a token, and there is none.
    """
    arguments = {"authenticator": "WORKLOAD_IDENTITY", "workload_identity_provider": environ[_PROVIDER]}
    return arguments | ({"token": _token(environ)} if _goes_by_token(environ) else {})


def identity_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What a child process needs that reads no file to sign in: the token as it is now; nothing where none is used.

    Raises:
        ContractError: when the provider goes by a token, and there is none.
    """
    return {_TOKEN: _token(environ)} if _goes_by_token(environ) else {}


def _goes_by_token(environ: Mapping[str, str]) -> bool:
    """A key wins. A cloud's machine is asked who it is, by the library; an issuer's token has to be handed to it."""
    by_key = environ.get(EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY)
    return not by_key and environ.get(_PROVIDER, "").upper() == _BY_TOKEN


def _token(environ: Mapping[str, str]) -> str:
    handed = environ.get(_TOKEN)
    if handed:
        return handed
    file = Path(environ.get(_FILE, ""))
    if not file.is_file():
        raise ContractError(
            f"{_PROVIDER} is {_BY_TOKEN}, and no token says who this process is: set {_TOKEN}, "
            f"or {_FILE} to the file of a projected service account token"
        )
    return file.read_text(encoding="utf-8").strip()
