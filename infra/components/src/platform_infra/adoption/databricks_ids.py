from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from platform_infra.adoption.known_ids import KnownIds
from platform_infra.recording.imagined_cloud import account_id, application_id, policy_id
from platform_infra.recording.recorder import RecordedResource

# The cloud makes these ids up, and the inputs of other objects name them.
_MADE_UP = frozenset({"BudgetPolicy", "ClusterPolicy", "Group", "ServicePrincipal", "SqlEndpoint"})
_SECURABLES = ("metastore", "externalLocation", "catalog", "schema", "volume")
_COMPUTE = {"sqlEndpointId": "/sql/warehouses", "clusterPolicyId": "/cluster-policies"}

type _Inputs = Mapping[str, Any]


def _securable(inputs: _Inputs) -> str:
    (key,) = [key for key in _SECURABLES if key in inputs]
    kind = "external_location" if key == "externalLocation" else key
    return f"{kind}/{inputs[key]}"


def _compute(inputs: _Inputs) -> str:
    (key,) = [key for key in _COMPUTE if key in inputs]
    return f"{_COMPUTE[key]}/{inputs[key]}"


_FROM_INPUTS: Mapping[str, Callable[[_Inputs], str]] = MappingProxyType(
    {
        "AccessControlRuleSet": lambda inputs: inputs["name"],
        "Catalog": lambda inputs: inputs["name"],
        "ExternalLocation": lambda inputs: inputs["name"],
        "Grant": lambda inputs: f"{_securable(inputs)}/{inputs['principal']}",
        "Grants": _securable,
        "GroupMember": lambda inputs: f"{inputs['groupId']}|{inputs['memberId']}",
        "MwsPermissionAssignment": lambda inputs: f"{inputs['workspaceId']}|{inputs['principalId']}",
        "Permissions": _compute,
        "Schema": lambda inputs: f"{inputs['catalogName']}.{inputs['name']}",
        "StorageCredential": lambda inputs: inputs["name"],
        "Volume": lambda inputs: f"{inputs['catalogName']}.{inputs['schemaName']}.{inputs['name']}",
        "WorkspaceBinding": lambda inputs: "|".join(
            str(inputs[part]) for part in ("workspaceId", "securableType", "securableName")
        ),
    }
)


class DatabricksIds:
    """The ids of a stack's objects: from their inputs where those say it, otherwise as somebody has told them."""

    def __init__(self, resources: Iterable[RecordedResource], known: KnownIds) -> None:
        self._known = known
        # A component may be called as what it holds.
        made_up = [resource for resource in resources if resource.custom and resource.kind in _MADE_UP]
        self._real = dict(pair for resource in made_up for pair in self._told(resource))

    def of(self, resource: RecordedResource) -> str | None:
        """The id by which the provider imports an object; None where it or one that it names is not told."""
        told = self._known.id_of(resource)
        if told is not None or resource.kind not in _FROM_INPUTS:
            return told
        inputs = {key: self._as_told(value) for key, value in resource.inputs.items()}
        return None if None in inputs.values() else _FROM_INPUTS[resource.kind](inputs)

    def _as_told(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        # The name of a rule set holds the id of what it is about.
        parts = [self._real.get(part, part) for part in value.split("/")]
        return None if None in parts else "/".join(str(part) for part in parts)

    def _told(self, resource: RecordedResource) -> list[tuple[str, str | None]]:
        """Each id that the imagined cloud made up for an object, with the one it has in the real one."""
        if resource.kind == "BudgetPolicy":
            return [(policy_id(resource.inputs["policyName"]), self._known.id_of(resource))]
        if resource.kind != "ServicePrincipal":
            return [(f"{resource.name}-id", self._known.id_of(resource))]
        name = resource.inputs["displayName"]
        return [
            (account_id(name), self._known.id_of(resource)),
            (application_id(name), self._known.application_of(resource)),
        ]
