from collections.abc import Iterator, Mapping
from typing import Any

from platform_infra.permissions.errors import UnreadableGrantError
from platform_infra.permissions.right import MEMBERSHIP, OWNERSHIP, Grant, Right
from platform_infra.recording.imagined_cloud import account_id, application_id, policy_id
from platform_infra.recording.recorder import RecordedResource, RecordedStack

# A privilege granted on a container holds for all of these kinds of object in it, now and later.
_INHERITED_BY = {
    "SELECT": "TABLE",
    "MODIFY": "TABLE",
    "READ_VOLUME": "VOLUME",
    "WRITE_VOLUME": "VOLUME",
    "USE_SCHEMA": "SCHEMA",
    "CREATE_TABLE": "SCHEMA",
}
_SECURABLES = {"metastore": "METASTORE", "externalLocation": "EXTERNAL LOCATION", "catalog": "CATALOG"}
_SECURABLES |= {"schema": "SCHEMA", "table": "TABLE", "volume": "VOLUME", "storageCredential": "STORAGE CREDENTIAL"}
_COMPUTE = {"sqlEndpointId": ("SqlEndpoint", "SQL WAREHOUSE"), "clusterPolicyId": ("ClusterPolicy", "CLUSTER POLICY")}


def databricks_grants(recorded: RecordedStack, stack: str, applied_by: str | None) -> list[Grant]:
    """All that a stack's Databricks program gives to anybody.

    Args:
        recorded: what the program declares.
        stack: the stack's name.
        applied_by: the principal that applies the stack and so owns its catalog; None where that is a person.

    Raises:
        UnreadableGrantError: for a kind of grant that this does not know: nothing is granted past the proof.
    """
    reader = _Reader(recorded, applied_by)
    return [
        Grant(right, stack, resource.name)
        for resource in recorded.resources
        if resource.custom
        for right in reader.rights(resource)
    ]


class _Reader:
    def __init__(self, recorded: RecordedStack, applied_by: str | None) -> None:
        self._recorded = recorded
        self._applied_by = applied_by
        groups = {f"{made.name}-id": made.inputs["displayName"] for made in recorded.of_type("Group")}
        names = [made.inputs["displayName"] for made in recorded.of_type("ServicePrincipal")]
        self._ids = groups | {account_id(name): name for name in names}
        self._applications = {application_id(name): name for name in names}

    def rights(self, resource: RecordedResource) -> Iterator[Right]:
        inputs = resource.inputs
        match resource.kind:
            case "Grants":
                for entry in inputs["grants"]:
                    yield from self._granted(resource, entry["principal"], entry["privileges"])
            case "Grant":
                yield from self._granted(resource, inputs["principal"], inputs["privileges"])
            case "GroupMember":
                yield Right(self._named(inputs["memberId"]), MEMBERSHIP, "GROUP", self._named(inputs["groupId"]))
            case "Permissions":
                yield from self._compute(resource)
            case "MwsPermissionAssignment":
                for level in inputs["permissions"]:
                    yield Right(self._named(inputs["principalId"]), level, "WORKSPACE", str(inputs["workspaceId"]))
            case "Catalog" if self._applied_by is not None:
                yield Right(self._applied_by, OWNERSHIP, "CATALOG", inputs["name"])
            case "AccessControlRuleSet":
                yield from self._rules(resource)
            case kind if "Grant" in kind or "Permission" in kind:
                raise UnreadableGrantError(f"{kind} {resource.name!r}: the proof of permissions cannot read this kind")

    def _granted(self, resource: RecordedResource, principal: str, privileges: list[str]) -> Iterator[Right]:
        on, name = _securable(resource)
        holder = self._applications.get(principal, principal)
        for privilege in privileges:
            for kind, target in self._inherited(privilege, on, name):
                yield Right(holder, privilege, kind, target)

    def _inherited(self, privilege: str, on: str, name: str) -> Iterator[tuple[str, str]]:
        """What a privilege on a securable comes to: on a container, everything in it."""
        inner = _INHERITED_BY.get(privilege)
        if on == "CATALOG" and inner is not None:
            schemas = [made.inputs["name"] for made in self._recorded.of_type("Schema")]
            # The star stands for the schemas that are not there yet.
            for schema in (*schemas, "*"):
                yield from self._inherited(privilege, "SCHEMA", f"{name}.{schema}")
        elif on == "SCHEMA" and inner in ("TABLE", "VOLUME"):
            yield inner, f"{name}.*"
        else:
            yield on, name

    def _compute(self, resource: RecordedResource) -> Iterator[Right]:
        (key,) = [key for key in resource.inputs if key != "accessControls"] or [""]
        if key not in _COMPUTE:
            raise UnreadableGrantError(f"Permissions {resource.name!r} on {key}: the proof cannot read these")
        kind, on = _COMPUTE[key]
        by_id = {f"{made.name}-id": made.inputs["name"] for made in self._recorded.of_type(kind)}
        for entry in resource.inputs["accessControls"]:
            yield Right(self._holder(entry), entry["permissionLevel"], on, by_id[resource.inputs[key]])

    def _rules(self, resource: RecordedResource) -> Iterator[Right]:
        by_rules = {_rule_set_of(made): made.inputs["policyName"] for made in self._recorded.of_type("BudgetPolicy")}
        found = [name for ending, name in by_rules.items() if resource.inputs["name"].endswith(ending)]
        if len(found) != 1:
            raise UnreadableGrantError(f"AccessControlRuleSet {resource.name!r}: the proof cannot read what it is on")
        for rule in resource.inputs["grantRules"]:
            for principal in rule["principals"]:
                holder = principal.partition("/")[2]
                yield Right(self._applications.get(holder, holder), rule["role"], "BUDGET POLICY", found[0])

    def _holder(self, entry: Mapping[str, Any]) -> str:
        if "groupName" in entry:
            return entry["groupName"]
        principal = entry.get("servicePrincipalName") or entry["userName"]
        return self._applications.get(principal, principal)

    def _named(self, identifier: str) -> str:
        return self._ids.get(identifier, identifier)


def _securable(resource: RecordedResource) -> tuple[str, str]:
    found = [(on, resource.inputs[key]) for key, on in _SECURABLES.items() if key in resource.inputs]
    if len(found) != 1:
        raise UnreadableGrantError(f"{resource.kind} {resource.name!r}: the proof cannot read what it is on")
    return found[0]


def _rule_set_of(policy: RecordedResource) -> str:
    return f"/budgetPolicies/{policy_id(policy.inputs['policyName'])}/ruleSets/default"
