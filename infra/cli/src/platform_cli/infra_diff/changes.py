from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from platform_cli.infra_diff.declarations import Declarations


@dataclass(frozen=True, slots=True)
class Change:
    """One object whose declaration is new, gone or another; `fields` are those that differ, `before → after`."""

    stack: str
    resource: str
    what: str
    fields: Mapping[str, str]


def changes(before: Declarations, after: Declarations) -> list[Change]:
    """What differs between two states of the code, stack by stack."""
    return [
        change
        for stack in dict.fromkeys((*before, *after))
        for change in _stack_changes(stack, before.get(stack, {}), after.get(stack, {}))
    ]


def _stack_changes(stack: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    gone = [Change(stack, resource, "removed", {}) for resource in before if resource not in after]
    new = [Change(stack, resource, "added", {}) for resource in after if resource not in before]
    kept = [resource for resource in after if resource in before and before[resource] != after[resource]]
    return gone + new + [Change(stack, one, "changed", _fields(before[one], after[one])) for one in kept]


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return {name: f"{before.get(name, 'unset')} → {after.get(name, 'unset')}" for name in names}
