from collections.abc import Mapping
from typing import Any

import requests
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

_SNOWFLAKE_AUDIENCE = "snowflakecomputing.com"
_PROVIDER = "OIDC"
_DATABRICKS_SIGN_IN = "DATABRICKS_AUTH_TYPE"
_DATABRICKS_AUDIENCE = "DATABRICKS_TOKEN_AUDIENCE"
_BY_JOB = "github-oidc"
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
    return {EnvironmentVariable.SNOWFLAKE_TOKEN: _job_token(environ, _SNOWFLAKE_AUDIENCE)}


def databricks_identity(environ: Mapping[str, str]) -> dict[str, str]:
    """What signs a process in to the Databricks workspace as the job it runs in, for an hour; nothing outside a job.

    Pulumi's provider does this by itself. Other clients take a token, which the workspace gives for the job's.

    Args:
        environ: the environment that the process would have.

    Raises:
        ContractError: when GitHub vouches for nobody, or Databricks does not trust it.
    """
    host = environ.get(EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME)
    if environ.get(_DATABRICKS_SIGN_IN) != _BY_JOB or not environ.get(_URL) or not host:
        return {}
    exchange = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "subject_token": _job_token(environ, environ.get(_DATABRICKS_AUDIENCE, "")),
        "client_id": environ.get(EnvironmentVariable.DATABRICKS_CLIENT_ID, ""),
        "scope": "all-apis",
    }
    cure = "let the federation policy of the service principal trust the job's repository and environment"
    answer = _answer("Databricks", cure, "POST", f"https://{host}/oidc/v1/token", data=exchange)
    return {EnvironmentVariable.DATABRICKS_TOKEN: answer["access_token"]}


def _job_token(environ: Mapping[str, str], audience: str) -> str:
    bearer = {"Authorization": f"Bearer {environ.get(_BEARER, '')}"}
    cure = "give the job `permissions: id-token: write`"
    return _answer("GitHub", cure, "GET", environ[_URL], params={"audience": audience}, headers=bearer)["value"]


def _answer(who: str, cure: str, method: str, url: str, **sent: Any) -> dict[str, str]:  # noqa: ANN401 - as requests takes it
    """What is answered; a refusal is told without what was sent, which holds the token."""
    try:
        answer = requests.request(method, url, timeout=_TIMEOUT_SECONDS, **sent)
    except requests.RequestException as error:
        raise ContractError(f"{who} did not answer when the job wanted to sign in: {type(error).__name__}") from None
    if not answer.ok:
        raise ContractError(f"{who} does not sign the job in (HTTP {answer.status_code}): {cure}")
    return answer.json()
