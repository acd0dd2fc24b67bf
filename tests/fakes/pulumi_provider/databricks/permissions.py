from collections.abc import Iterator, Mapping

from tests.fakes.pulumi_provider.databricks.account import ApiSession, Level
from tests.fakes.pulumi_provider.databricks.databricks_kind import DatabricksKind
from tests.fakes.pulumi_provider.databricks.tokens import (
    CLUSTER_POLICY,
    GROUP,
    PERMISSIONS,
    SERVICE_PRINCIPAL,
    SQL_ENDPOINT,
)
from tests.fakes.pulumi_provider.input_rules import exactly_one
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal

_OBJECTS: Mapping[str, tuple[str, str]] = {
    "clusterPolicyId": (CLUSTER_POLICY, "/cluster-policies"),
    "sqlEndpointId": (SQL_ENDPOINT, "/sql/warehouses"),
}
_LEVELS: Mapping[str, frozenset[str]] = {
    "clusterPolicyId": frozenset({"CAN_USE"}),
    "sqlEndpointId": frozenset({"CAN_VIEW", "CAN_USE", "CAN_MONITOR", "CAN_MANAGE", "IS_OWNER"}),
}
_BUILT_IN = frozenset({"users", "admins"})


class Permissions(DatabricksKind):
    """Who may use one object of the workspace, all of it at once."""

    token = PERMISSIONS
    computed = ("objectType",)
    overwrites = True
    unordered = frozenset({"accessControls"})

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from exactly_one(inputs, _OBJECTS, "accessControls")
        for name in _OBJECTS:
            if inputs.get(name):
                yield from _level_refusals(inputs, name)

    def identity(self, inputs: Properties) -> str:
        name, _ = _object(inputs)
        return f"{_OBJECTS[name][1]}/{inputs[name]}"

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        return {"objectType": _object(inputs)[1].rpartition(":")[2]}

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        self.require_level(session, Level.WORKSPACE)
        name, token = _object(inputs)
        self.account.require(token, inputs[name])
        for control in inputs["accessControls"]:
            self._require_resident(session, control)

    def exists(self, found: CloudObject) -> bool:
        name, token = _object(found.attributes)
        return self.account.find(token, found.attributes[name]) is not None

    def _require_resident(self, session: ApiSession, control: Properties) -> None:
        groups = {found.attributes["displayName"] for found in self.account.residents(GROUP, session.workspace_id)}
        services = self.account.residents(SERVICE_PRINCIPAL, session.workspace_id)
        principals = {found.attributes["applicationId"] for found in services}
        group, principal = control.get("groupName"), control.get("servicePrincipalName")
        if (group and group not in groups | _BUILT_IN) or (principal and principal not in principals):
            raise CloudError(f"principal {group or principal} does not exist in workspace {session.workspace_id}")


def _object(inputs: Properties) -> tuple[str, str]:
    name = next(name for name in _OBJECTS if inputs.get(name))
    return name, _OBJECTS[name][0]


def _level_refusals(inputs: Properties, name: str) -> Iterator[Refusal]:
    for number, control in enumerate(inputs["accessControls"]):
        level = control.get("permissionLevel")
        if isinstance(level, str) and level not in _LEVELS[name]:
            yield Refusal(f"accessControls[{number}].permissionLevel", f"{level} is not supported with {name}")
