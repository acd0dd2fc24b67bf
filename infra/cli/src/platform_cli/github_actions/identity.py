from collections.abc import Mapping

import requests
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

_AUDIENCE = "snowflakecomputing.com"
_PROVIDER = "OIDC"
_TIMEOUT_SECONDS = 30
_URL = EnvironmentVariable.ACTIONS_ID_TOKEN_REQUEST_URL
_BEARER = EnvironmentVariable.ACTIONS_ID_TOKEN_REQUEST_TOKEN


def snowflake_identity(environ: Mapping[str, str]) -> dict[str, str]:
    """What signs a process in to Snowflake as the job it runs in; nothing outside a job, or where a key is used.

    A job's token lives for minutes, so each process that signs in gets a new one.

    Args:
        environ: the environment that the process would have.

    Raises:
        ContractError: when GitHub vouches for nobody.
    """
    if environ.get(EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER) != _PROVIDER or not environ.get(_URL):
        return {}
    token = _job_token(environ[_URL], environ.get(_BEARER, ""), _AUDIENCE)
    return {EnvironmentVariable.SNOWFLAKE_TOKEN: token}


def _job_token(url: str, bearer: str, audience: str) -> str:
    try:
        answer = requests.get(
            url,
            params={"audience": audience},
            headers={"Authorization": f"Bearer {bearer}"},
            timeout=_TIMEOUT_SECONDS,
        )
    except requests.RequestException as error:
        raise ContractError(f"GitHub vouches for nobody: {type(error).__name__} at {_URL}") from None
    if not answer.ok:
        raise ContractError(
            f"GitHub vouches for nobody (HTTP {answer.status_code}): give the job `permissions: id-token: write`"
        )
    return answer.json()["value"]
