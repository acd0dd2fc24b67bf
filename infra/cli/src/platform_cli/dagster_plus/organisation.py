from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from dagster_cloud_cli import gql
from dagster_cloud_cli.core.errors import DagsterCloudAgentServerError, DagsterCloudHTTPError
from platform_contract.errors import ContractError

ORGANISATION_VARIABLE = "DAGSTER_CLOUD_ORGANIZATION"
TOKEN_VARIABLE = "DAGSTER_CLOUD_API_TOKEN"  # noqa: S105 - a name, not a secret
URL_VARIABLE = "DAGSTER_CLOUD_URL"
_REFUSED = (401, 403)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of Dagster+ as this process may reach it.

    `retries` is how often its client asks again where there is no answer, each time after a longer wait: three take
    seven seconds.
    """

    name: str
    url: str
    token: str = field(repr=False)
    retries: int

    def execute(self, query: str, variables: Mapping[str, object], deployment: str | None) -> dict[str, Any]:
        """The data that a query answers.

        Args:
            query: GraphQL.
            variables: its variables.
            deployment: Dagster+'s name of the deployment that is asked, None for the organisation itself.

        Raises:
            ContractError: when Dagster+ cannot be reached, refuses the token or refuses the query.
        """
        url = self.url if deployment is None else self.link(deployment)
        try:
            with gql.graphql_client_from_url(url, self.token, self.retries, deployment_name=deployment) as client:
                return client.execute(query, variables)["data"]
        except DagsterCloudHTTPError as error:
            raise ContractError(self._refusal(error)) from None
        except (DagsterCloudAgentServerError, requests.RequestException) as error:
            raise ContractError(f"Dagster+ at {self.url} does not answer as it should: {error}") from None

    def full_deployments(self) -> frozenset[str]:
        """The names of its full deployments, which also says whether the token is good."""
        found = self.execute(gql.FULL_DEPLOYMENTS_QUERY, {}, None)["fullDeployments"]
        return frozenset(deployment["deploymentName"] for deployment in found)

    def link(self, deployment: str) -> str:
        """Where people and clients find one of its deployments."""
        return f"{self.url}/{deployment}"

    def _refusal(self, error: DagsterCloudHTTPError) -> str:
        status = None if error.response is None else error.response.status_code
        if status in _REFUSED:
            return (
                f"Dagster+ refuses the token in {TOKEN_VARIABLE} (HTTP {status}): "
                f"make a new one in organisation {self.name}, with the right to deploy, and set it where this runs"
            )
        return f"Dagster+ at {self.url} answers HTTP {status}: look at the state of the service, and try again"


def organisation(environ: Mapping[str, str], retries: int) -> Organisation:
    """The organisation that the environment names; DAGSTER_CLOUD_URL is for a Dagster+ that is hosted elsewhere.

    Args:
        environ: the process environment.
        retries: how often a call that is not answered is repeated.

    Raises:
        ContractError: naming all that is missing.
    """
    missing = [name for name in (ORGANISATION_VARIABLE, TOKEN_VARIABLE) if not environ.get(name)]
    if missing:
        raise ContractError(f"{' and '.join(missing)} not set: Dagster+ is reached by them, see infra/README.md")
    name = environ[ORGANISATION_VARIABLE]
    url = environ.get(URL_VARIABLE) or gql.url_from_config(name)
    return Organisation(name, url.rstrip("/"), environ[TOKEN_VARIABLE], retries)
