"""What a program asks for against what the cloud has: the difference that a plan is made of."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.pulumi_provider.kind import Kind
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.resource_facts import ResourceFacts


@dataclass(frozen=True, slots=True)
class Change:
    """The inputs that differ, those of them that replace the resource, and whether the old one must go first."""

    differing: tuple[str, ...]
    replacing: tuple[str, ...]
    delete_first: bool


def change(
    facts: ResourceFacts, kind: Kind[Any], desired: Properties, actual: Properties, declared: Properties
) -> Change:
    """Compare inputs with the cloud's own state.

    Args:
        facts: the resource type.
        kind: its rules.
        desired: the inputs of the program now.
        actual: all properties as the cloud last reported them.
        declared: the inputs that the program gave before.
    """
    differing = tuple(name for name in sorted(facts.inputs.fields) if _differs(kind, name, desired, actual, declared))
    replacing = tuple(name for name in differing if name in facts.replaces)
    # Two of one name cannot stand side by side.
    delete_first = bool(replacing) and "name" in desired and "name" not in differing
    return Change(differing, replacing, delete_first)


def current_inputs(facts: ResourceFacts, kind: Kind[Any], declared: Properties, actual: Properties) -> Properties:
    """The inputs as a refresh or an import finds them: of what was declared, or of everything that is no default."""
    if declared:
        return {name: _project(value, actual[name]) for name, value in declared.items() if name in actual}
    return {
        name: actual[name]
        for name in facts.inputs.fields
        if name not in kind.computed and actual.get(name) is not None and actual[name] != kind.defaults.get(name)
    }


def _differs(kind: Kind[Any], name: str, desired: Properties, actual: Properties, declared: Properties) -> bool:
    if desired.get(name) is not None:
        return not kind.same(name, desired[name], actual.get(name))
    if name in kind.defaults:
        return actual.get(name) is not None and actual[name] != kind.defaults[name]
    return declared.get(name) is not None and actual.get(name) is not None


def _project(declared: Any, actual: Any) -> Any:
    if isinstance(declared, dict) and isinstance(actual, dict):
        return {name: _project(value, actual[name]) for name, value in declared.items() if name in actual}
    if isinstance(declared, list) and isinstance(actual, list) and len(declared) == len(actual):
        return list(map(_project, declared, actual))
    return actual
