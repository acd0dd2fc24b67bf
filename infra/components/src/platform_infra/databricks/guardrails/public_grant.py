from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_infra.databricks.resource_types import GRANT, GRANTS, PERMISSIONS, RULE_SET
from platform_infra.guardrails.declared_resource import DeclaredResource
from platform_infra.guardrails.guardrail import Guardrail, Violation

_HOLDERS = frozenset({"principal", "group_name", "principals"})
_IN_A_RULE_SET = "groups/"
# Everybody in the account, everybody in the workspace, and those who may do anything in it already.
_TOO_MANY = frozenset({"account users", "users", "admins", "public"})


@dataclass(frozen=True, slots=True)
class PublicGrant(Guardrail):
    """Nothing is granted to everybody, or to administrators."""

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every grant or right to a group that nobody chooses the members of."""
        for resource in resources:
            if resource.type_token not in (GRANTS, GRANT, PERMISSIONS, RULE_SET):
                continue
            for path, value in resource.leaves():
                if path[-1] in _HOLDERS and _is_everybody(str(value)):
                    yield Violation(resource, f"grants to {value!r}", "grant to a group of the platform")


def _is_everybody(holder: str) -> bool:
    return holder.removeprefix(_IN_A_RULE_SET).casefold() in _TOO_MANY
