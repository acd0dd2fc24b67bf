from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from platform_infra.permissions.errors import UnreadableGrantError
from platform_infra.permissions.right import APPLY, MADE, MEMBERSHIP, OWNERSHIP, Grant, Right
from platform_infra.recording.recorder import RecordedResource, RecordedStack
from platform_infra.snowflake.admin_role import AdminRole

ADMIN_ROLES = frozenset({"ACCOUNTADMIN", "SECURITYADMIN", "SYSADMIN", "USERADMIN", "ORGADMIN", "PUBLIC"})
_PROVIDER = "pulumi:providers:snowflake"
_OWNED = {"Database": "DATABASE", "AccountRole": "ROLE"}


def snowflake_grants(recorded: RecordedStack, stack: str) -> list[Grant]:
    """All that a stack's Snowflake program gives to anybody.

    What ACCOUNTADMIN has to apply counts too, kind by kind: whoever applies the stack has to hold that role for it.
    What a database role holds counts as held by the roles it is granted to; nobody acts as a database role. What a
    resource's own admin role owns by having made it is left out for Snowflake's system roles, who own all the rest.

    Raises:
        UnreadableGrantError: for a kind of grant that this does not know: nothing is granted past the proof.
    """
    parents = _parents(recorded)
    return [
        Grant(replace(right, holder=holder), stack, resource.name)
        for resource in recorded.resources
        if resource.custom
        for right in _rights(resource, recorded)
        for holder in parents.get(right.holder, (right.holder,))
    ]


def _parents(recorded: RecordedStack) -> dict[str, list[str]]:
    """The account roles above each database role; one that nobody holds is missing here and speaks for itself."""
    parents: dict[str, list[str]] = {}
    for held in recorded.of_type("GrantDatabaseRole"):
        if "parentRoleName" not in held.inputs:
            raise UnreadableGrantError(f"GrantDatabaseRole {held.name!r}: grant database roles to account roles alone")
        parents.setdefault(plain(held.inputs["databaseRoleName"]), []).append(held.inputs["parentRoleName"])
    return parents


def _rights(resource: RecordedResource, recorded: RecordedStack) -> Iterator[Right]:
    readers: Mapping[str, Callable[[RecordedResource], Iterator[Right]]] = {
        "GrantPrivilegesToAccountRole": _account_role_privileges,
        "GrantPrivilegesToDatabaseRole": _database_role_privileges,
        "GrantAccountRole": _account_role_membership,
    }
    if resource.kind in readers:
        yield from readers[resource.kind](resource)
    elif resource.kind != "GrantDatabaseRole" and resource.kind.startswith("Grant"):
        raise UnreadableGrantError(f"{resource.kind} {resource.name!r}: the proof of permissions cannot read this kind")
    if resource.provider_name and _acts_as(resource, recorded) == AdminRole.ACCOUNTADMIN:
        yield Right(AdminRole.ACCOUNTADMIN, APPLY, MADE, _kind_and_target(resource))
    if resource.kind in _OWNED:
        owner = _acts_as(resource, recorded)
        if owner not in ADMIN_ROLES:
            yield Right(owner, OWNERSHIP, _OWNED[resource.kind], resource.inputs["name"])


def _kind_and_target(resource: RecordedResource) -> str:
    """`ResourceMonitor`, or of a grant of privileges what it is on."""
    on_account_object = resource.inputs.get("onAccountObject", {})
    on = "ACCOUNT" if resource.inputs.get("onAccount") else on_account_object.get("objectType")
    return resource.kind if on is None else f"{resource.kind} on {on}"


def _acts_as(resource: RecordedResource, recorded: RecordedStack) -> str:
    return recorded.one(_PROVIDER, resource.provider_name).inputs["role"]


def _account_role_privileges(resource: RecordedResource) -> Iterator[Right]:
    yield from _privileges(resource, resource.inputs["accountRoleName"])


def _database_role_privileges(resource: RecordedResource) -> Iterator[Right]:
    yield from _privileges(resource, plain(resource.inputs["databaseRoleName"]))


def _privileges(resource: RecordedResource, holder: str) -> Iterator[Right]:
    inputs = resource.inputs
    if inputs.get("allPrivileges"):
        raise UnreadableGrantError(
            f"{resource.kind} {resource.name!r} grants all privileges: list those that are needed"
        )
    on, name = _target(resource, inputs)
    for privilege in inputs["privileges"]:
        yield Right(holder, privilege, on, name)
        if inputs.get("withGrantOption"):
            yield Right(holder, f"{privilege} (may grant it)", on, name)


def _target(resource: RecordedResource, inputs: Mapping[str, Any]) -> tuple[str, str]:
    match inputs:
        case {"onAccount": True}:
            return "ACCOUNT", "account"
        case {"onAccountObject": {"objectType": str(kind), "objectName": str(name)}}:
            return kind, plain(name)
        case {"onDatabase": str(name)}:
            return "DATABASE", plain(name)
        case {"onSchema": {"schemaName": str(name)}}:
            return "SCHEMA", plain(name)
        case {"onSchemaObject": {"objectType": str(kind), "objectName": str(name)}}:
            return kind, plain(name)
        case {"onSchemaObject": {"future": {"objectTypePlural": str(kind), "inSchema": str(schema)}}}:
            return kind.removesuffix("S"), f"{plain(schema)}.*"
    raise UnreadableGrantError(f"{resource.kind} {resource.name!r}: the proof of permissions cannot read what it is on")


def _account_role_membership(resource: RecordedResource) -> Iterator[Right]:
    inputs = resource.inputs
    yield Right(inputs.get("parentRoleName") or inputs["userName"], MEMBERSHIP, "ROLE", inputs["roleName"])


def plain(identifier: str) -> str:
    """`"RAW"."LOADS"` as `RAW.LOADS`."""
    return identifier.replace('"', "")
