from tests.fakes.pulumi_provider.call_log import Operation
from tests.fakes.pulumi_provider.cloud import Request
from tests.fakes.pulumi_provider.databricks.account import ApiSession, DatabricksAccount, Level
from tests.fakes.pulumi_provider.databricks.authority import TO_CHANGE, TO_CREATE, Administrator
from tests.fakes.pulumi_provider.databricks.tokens import CATALOG, GRANT, GROUP, SERVICE_PRINCIPAL
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError

_OF_A_WORKSPACE = frozenset({GROUP, SERVICE_PRINCIPAL})


def require_authority(
    account: DatabricksAccount,
    operation: Operation,
    request: Request[ApiSession],
    inputs: Properties,
    found: CloudObject | None,
) -> None:
    """Raise CloudError where the operator is no administrator whom the change takes, nor owner, nor granted it."""
    wanted = _wanted(operation, request, inputs)
    if not wanted or wanted & account.operator.roles or _may_anyway(account, request, inputs, found):
        return
    noun = request.token.rpartition(":")[2]
    raise CloudError(f"{noun} '{request.name}' needs a {' or '.join(sorted(wanted))}: {account.operator.name} is none")


def _wanted(operation: Operation, request: Request[ApiSession], inputs: Properties) -> frozenset[Administrator]:
    if request.session.level is Level.WORKSPACE and request.token in _OF_A_WORKSPACE:
        return frozenset({Administrator.WORKSPACE})
    if request.token == GRANT and inputs.get("metastore"):
        return frozenset({Administrator.METASTORE, Administrator.ACCOUNT})
    return (TO_CREATE if operation is Operation.CREATE else TO_CHANGE).get(request.token, frozenset())


def _may_anyway(
    account: DatabricksAccount, request: Request[ApiSession], inputs: Properties, found: CloudObject | None
) -> bool:
    """A catalog is also made by who was granted to, in storage of which the same is true, and is its owner's then."""
    if request.token != CATALOG:
        return False
    if found is not None:
        return found.attributes["owner"] == account.operator.name
    location = account.require_location_of(request.session, inputs["storageRoot"])
    return account.was_granted("metastore", "CREATE_CATALOG", None) and account.was_granted(
        "externalLocation", "CREATE_MANAGED_STORAGE", location.id
    )
