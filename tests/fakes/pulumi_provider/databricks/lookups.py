from collections.abc import Callable, Mapping

from tests.fakes.pulumi_provider.databricks.account import ApiSession, DatabricksAccount
from tests.fakes.pulumi_provider.databricks.tokens import GROUP, SERVICE_PRINCIPAL
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError

type Lookup = Callable[[ApiSession, Properties], Properties]


def lookups(account: DatabricksAccount) -> Mapping[str, Lookup]:
    """The data sources of the provider that programs use, by token."""
    return {
        "databricks:index/getGroup:getGroup": lambda _, wanted: _by_display_name(account, GROUP, wanted),
        "databricks:index/getServicePrincipal:getServicePrincipal": lambda _, wanted: _by_display_name(
            account, SERVICE_PRINCIPAL, wanted
        ),
    }


def _by_display_name(account: DatabricksAccount, token: str, wanted: Properties) -> Properties:
    for found in account.of(token):
        if found.attributes["displayName"] == wanted["displayName"]:
            return {**found.attributes, "id": found.id}
    raise CloudError(f"cannot find {token.rpartition(':')[2]}: {wanted['displayName']}")
