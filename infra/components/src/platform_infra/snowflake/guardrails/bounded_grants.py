from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from platform_infra.guardrails.declared_resource import DeclaredResource
from platform_infra.guardrails.guardrail import Guardrail, Violation
from platform_infra.snowflake.admin_role import AdminRole
from platform_infra.snowflake.identifiers import identifier_parts
from platform_infra.snowflake.privilege import Privilege
from platform_infra.snowflake.resource_types import GRANT_ACCOUNT_ROLE, GRANT_OWNERSHIP, GRANTS, PRIVILEGE_GRANTS

_GRANTEES = ("account_role_name", "parent_role_name", "database_role_name", "parent_database_role_name")
_PUBLIC = "PUBLIC"
# Snowflake's own roles, none of which the platform hands to anybody.
_ADMIN_ROLES = frozenset({*(role.value for role in AdminRole), "ORGADMIN", "GLOBALORGADMIN"})


@dataclass(frozen=True, slots=True)
class BoundedGrants(Guardrail):
    """Grants give named privileges to named roles: nothing to PUBLIC, no ownership, no admin role to anybody."""

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every grant that gives too much, or to everybody."""
        for grant in resources:
            if grant.type_token in GRANTS:
                yield from _to_public(grant)
                yield from _of_ownership(grant)
            if grant.type_token in PRIVILEGE_GRANTS:
                yield from _of_unlisted_privileges(grant)
            if grant.type_token == GRANT_ACCOUNT_ROLE:
                yield from _of_admin_role(grant)


def _to_public(grant: DeclaredResource) -> Iterator[Violation]:
    if any(_role_name(grant.inputs, key) == _PUBLIC for key in _GRANTEES):
        yield Violation(grant, "is a grant to PUBLIC, which everybody holds", "grant to the persona that needs it")


def _of_ownership(grant: DeclaredResource) -> Iterator[Violation]:
    if grant.type_token == GRANT_OWNERSHIP:
        yield Violation(
            grant, "hands over ownership", "grant the privileges that are needed; the maker keeps ownership"
        )


def _of_unlisted_privileges(grant: DeclaredResource) -> Iterator[Violation]:
    if grant.inputs.get("all_privileges"):
        yield Violation(grant, "grants ALL PRIVILEGES", "list the privileges that are needed")
    stated = [str(privilege) for privilege in grant.inputs.get("privileges") or ()]
    unlisted = [privilege for privilege in stated if privilege.upper() not in set(Privilege)]
    if unlisted:
        yield Violation(
            grant,
            f"grants {', '.join(unlisted)}, which the platform gives to nobody or which does not exist",
            f"grant of {', '.join(Privilege)}",
        )


def _of_admin_role(grant: DeclaredResource) -> Iterator[Violation]:
    role = _role_name(grant.inputs, "role_name")
    if role in _ADMIN_ROLES:
        yield Violation(grant, f"hands out {role}", "grant a persona; people get admin roles by hand, outside Pulumi")


def _role_name(inputs: Mapping[str, object], key: str) -> str:
    stated = inputs.get(key)
    return identifier_parts(stated)[-1] if isinstance(stated, str) and stated else ""
