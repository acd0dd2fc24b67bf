from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_infra.databricks.resource_types import GRANT, GRANTS, PERMISSIONS, RULE_SET
from platform_infra.guardrails.declared_resource import DeclaredResource, is_unknown
from platform_infra.guardrails.guardrail import Guardrail, Violation

# Every other input names the object that the list is about.
_THE_LIST = frozenset({"grants", "principal", "privileges", "access_controls", "grant_rules", "provider_config"})


@dataclass(frozen=True, slots=True)
class OneListPerObject(Guardrail):
    """`Grants`, `Permissions` and rule sets say all that holds on an object: two overwrite each other in the cloud.

    A single `Grant` on an object that has a `Grants` is lost at the next apply, too.
    """

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every list about no object, about two, or about one that has a list already."""
        listed: dict[tuple[str, str], DeclaredResource] = {}
        for resource in resources:
            if resource.type_token not in (GRANTS, PERMISSIONS, RULE_SET):
                continue
            objects = _objects(resource)
            if len(objects) != 1:
                yield Violation(resource, f"names {len(objects)} objects", "name exactly one securable or object")
            for one in objects:
                if one in listed:
                    yield _second(resource, one, listed[one])
                listed.setdefault(one, resource)
        yield from _single_grants(resources, listed)


def _single_grants(
    resources: Sequence[DeclaredResource], listed: dict[tuple[str, str], DeclaredResource]
) -> Iterator[Violation]:
    for resource in resources:
        if resource.type_token == GRANT:
            yield from (_second(resource, one, listed[one]) for one in _objects(resource) if one in listed)


def _second(resource: DeclaredResource, one: tuple[str, str], first: DeclaredResource) -> Violation:
    kind, name = one
    return Violation(
        resource,
        f"says who may use {kind} {name!r}, and {first} says so already: they would overwrite each other",
        "put all of it into one list (a row in the privileges table)",
    )


def _objects(resource: DeclaredResource) -> list[tuple[str, str]]:
    named = [(key, value) for key, value in resource.inputs.items() if key not in _THE_LIST]
    # Two ids that only the cloud can give cannot be compared before it has: they count as two objects.
    return [(key, f"<{resource.name}>" if is_unknown(value) else str(value).casefold()) for key, value in named]
