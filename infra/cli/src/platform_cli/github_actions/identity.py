from collections.abc import Mapping

import requests
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

_SNOWFLAKE_AUDIENCE = "snowflakecomputing.com"
_PROVIDER = "OIDC"
_DATABRICKS_SIGN_IN = "DATABRICKS_AUTH_TYPE"
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
    url = f"https://{host}/oidc/v1/token"
    exchange = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "subject_token": _job_token(environ, f"https://{host}/oidc/v1/token"),
        "client_id": environ.get(EnvironmentVariable.DATABRICKS_CLIENT_ID, ""),
        "scope": "all-apis",
    }
    cure = "let the federation policy of the service principal trust the job's repository and environment"
    answer = _answer("Databricks", cure, requests.Request("POST", url, data=exchange))
    return {EnvironmentVariable.DATABRICKS_TOKEN: answer["access_token"]}


def _job_token(environ: Mapping[str, str], audience: str) -> str:
    asked = requests.Request(
        "GET",
        environ[_URL],
        params={"audience": audience},
        headers={"Authorization": f"Bearer {environ.get(_BEARER, '')}"},
    )
    return _answer("GitHub", "give the job `permissions: id-token: write`", asked)["value"]


def _answer(who: str, cure: str, asked: requests.Request) -> dict[str, str]:
    """What is answered; a refusal is told without what was sent, which holds the token."""
    try:
        with requests.Session() as session:
            answer = session.send(session.prepare_request(asked), timeout=_TIMEOUT_SECONDS)
    except requests.RequestException as error:
        raise ContractError(f"{who} did not answer when the job wanted to sign in: {type(error).__name__}") from None
    if not answer.ok:
        raise ContractError(f"{who} does not sign the job in (HTTP {answer.status_code}): {cure}")
    return answer.json()
