from tests.fakes.pulumi_provider.databricks.account import ApiSession
from tests.fakes.pulumi_provider.databricks.databricks_kind import UnityKind, require_value
from tests.fakes.pulumi_provider.databricks.tokens import (
    CATALOG,
    EXTERNAL_LOCATION,
    STORAGE_CREDENTIAL,
    WORKSPACE_BINDING,
)
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError

_TOKENS = {"catalog": CATALOG, "external_location": EXTERNAL_LOCATION, "storage_credential": STORAGE_CREDENTIAL}
_MODES = frozenset({"BINDING_TYPE_READ_WRITE", "BINDING_TYPE_READ_ONLY"})


class WorkspaceBinding(UnityKind):
    """A workspace that may see an isolated securable.

    The workspace that made the securable is bound already: binding it again is accepted, and taking that binding away
    leaves the workspace unable to delete a location or a credential, or anything in a catalog
    (terraform-provider-databricks, issue 3903: "not accessible in current workspace").
    """

    token = WORKSPACE_BINDING

    def identity(self, inputs: Properties) -> str:
        kind, name = _securable(inputs)
        return f"{inputs['workspaceId']}|{kind}|{name}"

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        super().admit(session, inputs)
        require_value(inputs, "securableType", _TOKENS.keys())
        require_value(inputs, "bindingType", _MODES)
        kind, name = _securable(inputs)
        if kind == "storage_credential" and inputs.get("bindingType") == "BINDING_TYPE_READ_ONLY":
            # The words of the API, databricks/cli issue 3945.
            raise CloudError("Supported binding types for STORAGE_CREDENTIAL are BINDING_TYPE_READ_WRITE")
        self.account.require(_TOKENS[kind], name)

    def make(self, made: CloudObject, session: ApiSession) -> None:
        self.account.bindings.setdefault(_securable(made.attributes), set()).add(made.attributes["workspaceId"])

    def unmake(self, gone: CloudObject) -> None:
        self.account.bindings.get(_securable(gone.attributes), set()).discard(gone.attributes["workspaceId"])


def _securable(inputs: Properties) -> tuple[str, str]:
    name = inputs.get("securableName") or inputs["catalogName"]
    return inputs.get("securableType", "catalog"), name.lower()
