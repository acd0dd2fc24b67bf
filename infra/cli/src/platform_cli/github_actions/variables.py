from collections.abc import Mapping
from types import MappingProxyType

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

REQUIRED: Mapping[str, str] = MappingProxyType(
    {
        "AWS_REGION": "region of the state's bucket and key",
        "AWS_ROLE_ARN": "role that reaches the state's bucket and key",
        "DAGSTER_CLOUD_ORGANIZATION": "organisation in Dagster+",
        "DATABRICKS_CLIENT_ID": "application id of the service principal",
        "DATABRICKS_TOKEN_AUDIENCE": "id of the Databricks account, for which its federation policies take tokens",
        "SNOWFLAKE_ACCOUNT_NAME": "the account's own name",
        "SNOWFLAKE_ORGANIZATION_NAME": "the account's organisation",
        "SNOWFLAKE_USER": "the user that jobs of this environment are",
    }
)
"""The variables of an environment of the repository, and what each holds; none of them is a secret."""

_OPTIONAL = ("DAGSTER_CLOUD_URL", "DATABRICKS_HTTP_PATH", "DATABRICKS_SERVER_HOSTNAME", "PULUMI_BACKEND_URL")
# Jobs are known by their identity and hold no key.
_BY_IDENTITY = MappingProxyType(
    {
        "DATABRICKS_AUTH_TYPE": "github-oidc",
        "SNOWFLAKE_AUTHENTICATOR": "WORKLOAD_IDENTITY",
        EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER.value: "OIDC",
    }
)


def job_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """What the steps of a job find in their environment, of all the variables that the repository has.

    Args:
        variables: name → value, of the repository and the job's environment.

    Raises:
        ContractError: naming every variable that is missing.
    """
    missing = [f"{name} ({meaning})" for name, meaning in REQUIRED.items() if not variables.get(name)]
    if missing:
        raise ContractError(
            f"the job's environment on GitHub lacks variables: {'; '.join(missing)}. "
            "Set them under Settings, Environments (infra/README.md, 9. GitHub)"
        )
    taken = {name: variables[name] for name in (*REQUIRED, *_OPTIONAL) if variables.get(name)}
    account = f"{taken['SNOWFLAKE_ORGANIZATION_NAME']}-{taken['SNOWFLAKE_ACCOUNT_NAME']}"
    return {**taken, **_BY_IDENTITY, EnvironmentVariable.SNOWFLAKE_ACCOUNT.value: account}
