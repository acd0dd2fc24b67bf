from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from platform_infra.permissions.snowflake_access import plain
from platform_infra.recording.recorder import RecordedResource
from platform_infra.snowflake.identifiers import quoted

# Where the parts of an object's full name stand among its inputs.
_NAMED = {
    "AccountRole": ("name",),
    "Database": ("name",),
    "DatabaseRole": ("database", "name"),
    "NetworkPolicy": ("name",),
    "ResourceMonitor": ("name",),
    "Schema": ("database", "name"),
    "ServiceUser": ("name",),
    "StageInternal": ("database", "schema", "name"),
    "Tag": ("database", "schema", "name"),
    "Warehouse": ("name",),
}


def _membership(inputs: Mapping[str, Any], role: str) -> str:
    kind, holder = ("USER", inputs["userName"]) if "userName" in inputs else ("ROLE", inputs["parentRoleName"])
    return f"{_requoted(role)}|{kind}|{_requoted(holder)}"


def _privileges(inputs: Mapping[str, Any], holder: str) -> str:
    flags = "|".join(str(bool(inputs.get(flag))).lower() for flag in ("withGrantOption", "alwaysApply"))
    return f"{_requoted(holder)}|{flags}|{','.join(sorted(inputs['privileges']))}|{_target(inputs)}"


def _target(inputs: Mapping[str, Any]) -> str:
    match inputs:
        case {"onAccount": True}:
            return "OnAccount"
        case {"onAccountObject": {"objectType": str(kind), "objectName": str(name)}}:
            return f"OnAccountObject|{kind}|{_requoted(name)}"
        case {"onDatabase": str(name)}:
            return f"OnDatabase|{_requoted(name)}"
        case {"onSchema": {"schemaName": str(name)}}:
            return f"OnSchema|OnSchema|{_requoted(name)}"
        case {"onSchemaObject": {"future": {"objectTypePlural": str(kind), "inSchema": str(schema)}}}:
            return f"OnSchemaObject|OnFuture|{kind}|InSchema|{_requoted(schema)}"
    on = inputs["onSchemaObject"]
    return f"OnSchemaObject|OnObject|{on['objectType']}|{_requoted(on['objectName'])}"


def _requoted(identifier: str) -> str:
    return quoted(*plain(identifier).split("."))


_DERIVED: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        "GrantAccountRole": lambda inputs: _membership(inputs, inputs["roleName"]),
        "GrantDatabaseRole": lambda inputs: _membership(inputs, inputs["databaseRoleName"]),
        "GrantPrivilegesToAccountRole": lambda inputs: _privileges(inputs, inputs["accountRoleName"]),
        "GrantPrivilegesToDatabaseRole": lambda inputs: _privileges(inputs, inputs["databaseRoleName"]),
        "TagAssociation": lambda inputs: f"{inputs['tagId']}|{inputs['tagValue']}|{inputs['objectType']}",
    }
)


def snowflake_id(resource: RecordedResource) -> str | None:
    """The id by which the provider imports an object; all of it is in the inputs. None for an unknown kind."""
    inputs = resource.inputs
    if resource.kind in _NAMED:
        return quoted(*(plain(inputs[part]) for part in _NAMED[resource.kind]))
    if resource.kind in _DERIVED:
        return _DERIVED[resource.kind](inputs)
    return None
